import { parentPort } from 'node:worker_threads';
import { ViewStoreError } from '../viewStoreError.ts';
import { asViewStoreError } from './viewFile.ts';
import type { WorkerRequest, WorkerResponse, WorkerResult, WorkerTask } from './workerMessages.ts';

/** Carries one task out. */
export type Run = (task: WorkerTask) => WorkerResult;

/** Answers what a WorkerClient sends to this thread, one after the other, until it is told to close. */
export function serveTasks(path: string, open: () => Run): void {
  const port = parentPort!;
  let run: Run;
  const answer = (id: number, work: () => WorkerResult): void => port.postMessage(answerTo(id, path, work));
  answer(0, () => {
    run = open();
    return undefined;
  });
  port.on('message', ({ id, task }: WorkerRequest) => {
    answer(id, () => run(task));
    if (task.kind === 'close') port.close();
  });
}

function answerTo(id: number, path: string, work: () => WorkerResult): WorkerResponse {
  try {
    return { id, result: work() };
  } catch (thrown) {
    const error = asViewStoreError(thrown, path);
    const failure = error instanceof ViewStoreError ? error.failure : undefined;
    return { id, error: { failure, message: error instanceof Error ? error.message : 'unknown failure' } };
  }
}
