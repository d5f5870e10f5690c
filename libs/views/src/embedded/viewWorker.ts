import { parentPort, workerData } from 'node:worker_threads';
import type Database from 'libsql';
import { ViewStoreError } from '../viewStoreError.ts';
import { asViewStoreError, lockFile, openForWriting } from './viewFile.ts';
import { StatementCache } from './statementCache.ts';
import { writeDocuments } from './writeDocuments.ts';
import type { WorkerRequest, WorkerResponse, WorkerResult, WorkerTask } from './workerMessages.ts';

// The writer's thread: the only one that changes the file, one message after the other, so that neither the disk
// nor a long aggregate ever stalls who answers requests.

const port = parentPort!;
const { path } = workerData as { path: string };
let lock: Database.Database;
let file: Database.Database;
let statements: StatementCache;

function run(task: WorkerTask): WorkerResult {
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
}

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

function answer(id: number, work: () => WorkerResult): void {
  let response: WorkerResponse;
  try {
    response = { id, result: work() };
  } catch (thrown) {
    const error = asViewStoreError(thrown, path);
    const failure = error instanceof ViewStoreError ? error.failure : undefined;
    response = {
      id,
      error: { failure, message: error instanceof Error ? error.message : 'unknown failure' },
    };
  }
  port.postMessage(response);
}

answer(0, () => {
  lock = lockFile(path);
  try {
    file = openForWriting(path);
  } catch (error) {
    lock.close();
    throw error;
  }
  statements = new StatementCache(file, path);
  return undefined;
});

port.on('message', ({ id, task }: WorkerRequest) => {
  answer(id, () => run(task));
  if (task.kind === 'close') port.close();
});
