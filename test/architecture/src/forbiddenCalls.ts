import ts from 'typescript';

export interface Finding {
  readonly line: number;
  readonly call: string;
}

/** Globals of time, timers and randomness, and sorting that depends on a locale (design.md, «Simulated»). */
const MEMBERS: ReadonlySet<string> = new Set([
  'Date.now',
  'performance.now',
  'Math.random',
  'crypto.randomBytes',
  'crypto.randomUUID',
  'crypto.randomInt',
  'crypto.getRandomValues',
]);
const FUNCTIONS: ReadonlySet<string> = new Set([
  'setTimeout',
  'setInterval',
  'setImmediate',
  'randomBytes',
  'randomUUID',
  'randomInt',
  'randomFillSync',
  'randomFill',
]);
const METHODS: ReadonlySet<string> = new Set([
  'localeCompare',
  'toLocaleString',
  'toLocaleUpperCase',
  'toLocaleLowerCase',
]);

/** Calls in a source file that only the platform and adapters may make. */
export function forbiddenCalls(source: string, fileName: string): readonly Finding[] {
  const file = ts.createSourceFile(fileName, source, ts.ScriptTarget.ES2022, true, ts.ScriptKind.TS);
  const findings: Finding[] = [];
  const visit = (node: ts.Node): void => {
    const call = forbiddenIn(node);
    if (call !== undefined) {
      findings.push({ line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1, call });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return findings;
}

function forbiddenIn(node: ts.Node): string | undefined {
  if (ts.isNewExpression(node)) {
    const text = node.expression.getText();
    if (text === 'Date' && (node.arguments?.length ?? 0) === 0) return 'new Date()';
    return text === 'Intl.Collator' ? 'new Intl.Collator' : undefined;
  }
  // Mentioned is as bad as called: it could be handed on.
  if (ts.isPropertyAccessExpression(node)) {
    const text = node.getText();
    if (MEMBERS.has(text)) return text;
    return METHODS.has(node.name.text) ? node.name.text : undefined;
  }
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && FUNCTIONS.has(node.expression.text)) {
    return node.expression.text;
  }
  return undefined;
}
