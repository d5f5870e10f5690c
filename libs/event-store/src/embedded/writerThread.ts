import { Worker } from 'node:worker_threads';
import { StoreError } from '../eventStore.ts';
import type { AppendGroup, GroupAnswer } from './appendGroup.ts';
import type { WriterAnswer, WriterRequest } from './writer.ts';
import type { WriterCaches } from './writerCaches.ts';

type Failed = Extract<WriterAnswer, { kind: 'failed' }>;

/** Where the writer runs from source (also under Jest, which does not pass its transform on), swc must compile it. */
const FROM_SOURCE = import.meta.url.endsWith('.ts');
const WRITER = new URL(FROM_SOURCE ? './writer.ts' : './writer.js', import.meta.url);
const SOURCE_LOADER = new URL('../../../../tools/swc/register.mjs', import.meta.url);

/** What a test may put in the writer's place. */
export interface WriterModule {
  /** Default: the writer itself. */
  readonly url?: URL;
  readonly workerData?: object;
}

/** The main thread's end of the writer thread: one request at a time. */
export class WriterThread {
  /** Called once, when the thread has ended, asked to or not. */
  onEnd: (error: StoreError) => void = () => {};
  readonly #worker: Worker;
  #waiting: ((answer: WriterAnswer) => void) | undefined;
  #ended: Failed | undefined;

  private constructor(file: string, caches: WriterCaches, module: WriterModule) {
    this.#worker = new Worker(module.url ?? WRITER, {
      name: 'event store writer',
      workerData: { ...caches, ...module.workerData, file },
      ...(FROM_SOURCE && { execArgv: ['--conditions=source', '--import', SOURCE_LOADER.href] }),
    });
    this.#worker.on('message', (answer: WriterAnswer) => this.#answered(answer));
    this.#worker.on('messageerror', (error) => this.#died(error));
    this.#worker.on('error', (error) => this.#died(error));
    this.#worker.on('exit', () => this.#died());
  }

  /** Opens the file in a thread of its own. @throws StoreError as the file is */
  static async start(file: string, caches: WriterCaches, module: WriterModule = {}): Promise<WriterThread> {
    const thread = new WriterThread(file, caches, module);
    const answer = await new Promise<WriterAnswer>((resolve) => (thread.#waiting = resolve));
    if (answer.kind === 'failed') {
      await thread.#worker.terminate();
      throw new StoreError(answer.failure, answer.message);
    }
    return thread;
  }

  async write(group: AppendGroup): Promise<GroupAnswer> {
    return (await this.#ask(group, [group.data.buffer])) as GroupAnswer;
  }

  async close(): Promise<void> {
    await this.#ask({ kind: 'close' });
    await this.#worker.terminate();
  }

  #ask(request: WriterRequest, transferred: ArrayBuffer[] = []): Promise<WriterAnswer> {
    if (this.#ended !== undefined) return Promise.resolve(this.#ended);
    return new Promise((resolve) => {
      this.#waiting = resolve;
      this.#worker.postMessage(request, transferred);
    });
  }

  #answered(answer: WriterAnswer): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.(answer);
  }

  /** Whatever was under way is unknown; whatever comes is refused until the store is opened again. */
  #died(cause?: unknown): void {
    const why = cause instanceof Error ? cause.message : 'it exited';
    const message = `the event store's writer thread ended (${why}): start the process again`;
    if (this.#ended !== undefined) return;
    this.#ended = { kind: 'failed', failure: 'unavailable', message };
    this.#answered(this.#ended);
    this.onEnd(new StoreError('unavailable', message));
  }
}
