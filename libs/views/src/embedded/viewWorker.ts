import { workerData } from 'node:worker_threads';
import { serveTasks } from './serveTasks.ts';
import { StatementCache } from './statementCache.ts';
import { lockFile, openForWriting } from './viewFile.ts';
import type { ViewFile } from './workerClient.ts';
import { writeDocuments } from './writeDocuments.ts';

// The writer's thread: the only one that changes the file, one message after the other, so that the disk never stalls
// who answers requests.

const { path, pageBytes } = workerData as ViewFile;

serveTasks(path, () => {
  const lock = lockFile(path);
  const file = orClose(lock, () => openForWriting(path, pageBytes));
  const statements = new StatementCache(file, path);

  function transaction<T>(work: () => T): T {
    file.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      file.exec('COMMIT');
      return result;
    } catch (error) {
      // Some failures have rolled back already.
      if (file.inTransaction) file.exec('ROLLBACK');
      throw error;
    }
  }

  return (task) => {
    switch (task.kind) {
      case 'rows':
        return statements.rows(task.statement);
      case 'write':
        return transaction(() => writeDocuments(statements, task));
      case 'change':
        return transaction(() =>
          task.statements.map(({ text, values }) => statements.get(text).run(...values).changes),
        );
      case 'close':
        // libsql leaves the write-ahead log behind while statements are not collected yet: fold it in by hand.
        file.exec('PRAGMA wal_checkpoint(TRUNCATE)');
        file.close();
        lock.close();
        return undefined;
    }
  };
});

function orClose<T>(lock: { close(): void }, open: () => T): T {
  try {
    return open();
  } catch (error) {
    lock.close();
    throw error;
  }
}
