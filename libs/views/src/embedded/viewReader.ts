import { workerData } from 'node:worker_threads';
import { StatementCache } from './statementCache.ts';
import { openForReading } from './viewFile.ts';
import { serveTasks } from './serveTasks.ts';

// The reader's thread, for what may walk through a whole table: such a query holds up neither who answers requests nor
// the writer. Each statement sees what was committed before it began.

const { path } = workerData as { path: string };

serveTasks(path, () => {
  const file = openForReading(path);
  const statements = new StatementCache(file, path);
  return (task) => {
    if (task.kind === 'rows') return statements.rows(task.statement);
    if (task.kind === 'close') file.close();
    return undefined;
  };
});
