import ts from 'typescript';

/** Whether a source goes on until it is told to stop: a loop that looks at a signal, or one over a log that is followed. */
export function goesOnUntilStopped(source: string, fileName: string): boolean {
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
  let found = false;
  const visit = (node: ts.Node): void => {
    found ||= isEndless(node) || isFollowing(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isEndless(node: ts.Node): boolean {
  if (ts.isWhileStatement(node)) return node.expression.getText().includes('aborted');
  return ts.isForStatement(node) && node.condition?.getText().includes('aborted') === true;
}

/** `log.follow(…)` with what to follow from: a log's, not a view's. */
function isFollowing(node: ts.Node): boolean {
  return (
    ts.isCallExpression(node) &&
    ts.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === 'follow' &&
    node.expression.expression.kind !== ts.SyntaxKind.ThisKeyword &&
    node.arguments.length > 0
  );
}
