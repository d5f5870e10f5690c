import { Worker } from 'node:worker_threads';
import { KeyStoreError } from '../keyStoreError.ts';
import { keyFileError } from './keyFile.ts';
import type { GroupAnswer, KeyOperation, KeyOutcome } from './keyOperation.ts';

/** Most operations in one transaction. */
const LARGEST_GROUP = 1_000;

interface Asked {
  readonly operation: KeyOperation;
  readonly resolve: (outcome: KeyOutcome) => void;
  readonly reject: (error: KeyStoreError) => void;
}

/**
 * Writes keys in groups: what is asked while one group is on its way to the disk becomes the next. Each is
 * answered only after its group's commit, and all of a group fail together.
 */
export class KeyWriter {
  private waiting: Asked[] = [];
  private writing: Asked[] | undefined;
  private stopped: KeyStoreError | undefined;
  private readonly worker: Worker;
  private readonly ended: Promise<void>;

  constructor(private readonly path: string) {
    this.worker = startWorker(path);
    // An idle writer does not keep the process alive; one with work does, until it has answered.
    this.worker.unref();
    this.worker.on('message', (answer: GroupAnswer) => this.settle(answer));
    this.worker.on('error', (cause) => this.stop(keyFileError(path, cause)));
    this.ended = new Promise((resolve) => {
      this.worker.on('exit', () => {
        this.stop(new KeyStoreError('unavailable', `the writer of key file ${path} has stopped: restart`));
        resolve();
      });
    });
  }

  /** @throws KeyStoreError */
  write(operation: KeyOperation): Promise<KeyOutcome> {
    return new Promise((resolve, reject) => {
      if (this.stopped !== undefined) return reject(this.stopped);
      this.waiting.push({ operation, resolve, reject });
      this.send();
    });
  }

  /** Everything written before is on disk when it resolves. */
  async close(): Promise<void> {
    // Messages are handled in order: the thread closes after the groups that were sent to it.
    while (this.waiting.length > 0 || this.writing !== undefined) await this.idle();
    this.worker.ref();
    this.worker.postMessage('close');
    await this.ended;
  }

  private idle(): Promise<void> {
    return new Promise((resolve) =>
      this.worker.once('message', () => resolve()).once('exit', () => resolve()),
    );
  }

  private send(): void {
    if (this.writing !== undefined || this.waiting.length === 0) return;
    this.writing = this.waiting.splice(0, LARGEST_GROUP);
    this.worker.ref();
    this.worker.postMessage(this.writing.map(({ operation }) => operation));
  }

  private settle(answer: GroupAnswer): void {
    const group = this.writing ?? [];
    this.writing = undefined;
    if ('failure' in answer) {
      const error = keyFileError(this.path, answer.failure);
      for (const { reject } of group) reject(error);
    } else {
      for (const [i, asked] of group.entries()) {
        // Committed, but the bytes may still stand in the write-ahead log: that is not destroyed.
        if (asked.operation.do === 'destroy' && !answer.scrubbed) asked.reject(notScrubbed(this.path));
        else asked.resolve(answer.outcomes[i]);
      }
    }
    if (this.waiting.length === 0) this.worker.unref();
    this.send();
  }

  private stop(error: KeyStoreError): void {
    this.stopped ??= error;
    const lost = [...(this.writing ?? []), ...this.waiting];
    this.writing = undefined;
    this.waiting = [];
    for (const { reject } of lost) reject(this.stopped);
  }
}

function notScrubbed(path: string): KeyStoreError {
  return new KeyStoreError(
    'unavailable',
    `key file ${path}: a reader kept the write-ahead log from being cut; destroy again`,
  );
}

/** From source the thread needs the loader that this process was started with; jest has its own, so it is named. */
function startWorker(path: string): Worker {
  const workerData = { path };
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./keyWriter.worker.js', import.meta.url), { workerData });
  }
  const loader = new URL('../../../../../tools/swc/register.mjs', import.meta.url).href;
  return new Worker(new URL('./keyWriter.worker.ts', import.meta.url), {
    workerData,
    execArgv: ['--conditions=source', '--import', loader],
  });
}
