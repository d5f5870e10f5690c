import { workerData } from 'node:worker_threads';
import { StatementCache } from './statementCache.ts';
import { openForReading } from './viewFile.ts';
import { serveTasks } from './serveTasks.ts';
import type { ViewFile } from './workerClient.ts';

// The reader's thread, for what may walk through a whole table: such a query holds up neither who answers requests nor
// the writer. Each statement sees what was committed before it began.

const { path, pageBytes } = workerData as ViewFile;

serveTasks(path, () => {
  const file = openForReading(path, pageBytes);
  const statements = new StatementCache(file, path);
  return (task) => {
    if (task.kind === 'rows') return statements.rows(task.statement);
    if (task.kind === 'close') file.close();
    return undefined;
  };
});
