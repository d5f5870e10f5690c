// The writer thread: its connection is the only one that writes, and its syncs stall nobody else's events.
import { parentPort, workerData } from 'node:worker_threads';
import type { AppendGroup, GroupAnswer } from './appendGroup.ts';
import { openWriterConnection } from './connection.ts';
import { EventWriter } from './eventWriter.ts';
import { storeErrorOf } from './sqliteFailure.ts';
import type { WriterCaches } from './writerCaches.ts';

export type WriterRequest = AppendGroup | { readonly kind: 'close' };
export type WriterAnswer = GroupAnswer | { readonly kind: 'opened' } | { readonly kind: 'closed' };

const { file, pageBytes, headBytes } = workerData as WriterCaches & { readonly file: string };
const port = parentPort!;

const answer = (message: WriterAnswer) => port.postMessage(message);

const failed = (error: unknown) => {
  const { failure, message } = storeErrorOf(error, file);
  return { kind: 'failed', failure, message } as const;
};

function write(writer: EventWriter, group: AppendGroup): WriterAnswer {
  try {
    return writer.write(group);
  } catch (error) {
    return failed(error);
  }
}

function close(db: ReturnType<typeof openWriterConnection>): void {
  try {
    // Leaves one plain file behind.
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  } catch (error) {
    // Every answered append is durable in the log beside the file, which the next start takes over.
    process.emitWarning(failed(error).message);
  }
  db.close();
}

try {
  const db = openWriterConnection(file, pageBytes);
  const writer = new EventWriter(db, headBytes);
  port.on('message', (request: WriterRequest) => {
    if (request.kind === 'append') return answer(write(writer, request));
    close(db);
    answer({ kind: 'closed' });
    port.close();
  });
  answer({ kind: 'opened' });
} catch (error) {
  answer(failed(error));
  port.close();
}
