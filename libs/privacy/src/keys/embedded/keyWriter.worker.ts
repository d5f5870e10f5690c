import { parentPort, workerData } from 'node:worker_threads';
import type { GroupAnswer, KeyOperation } from './keyOperation.ts';
import { KeyTable } from './keyTable.ts';

/** The thread that waits for the disk, so that the one that answers requests need not. */
const table = KeyTable.open((workerData as { path: string }).path, false);
const port = parentPort!;

port.on('message', (operations: readonly KeyOperation[] | 'close') => {
  if (operations === 'close') {
    table.close();
    port.close();
    return;
  }
  port.postMessage(answer(operations));
});

function answer(operations: readonly KeyOperation[]): GroupAnswer {
  try {
    return table.apply(operations);
  } catch (error) {
    const { code = '', message = '' } = error as { code?: string; message?: string };
    return { failure: { code, message } };
  }
}
