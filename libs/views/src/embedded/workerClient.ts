import { Worker } from 'node:worker_threads';
import { ViewStoreError } from '../viewStoreError.ts';
import type { SqlPart, SqlValue } from './sqlPart.ts';
import type { DocumentsWritten, WorkerResponse, WorkerResult, WorkerTask } from './workerMessages.ts';

interface Pending {
  resolve(result: WorkerResult): void;
  reject(error: unknown): void;
}

/** What a thread opens, and how much of it the thread may keep in memory. */
export interface ViewFile {
  readonly path: string;
  readonly pageBytes: number;
}

/** A thread that works on the file, as promises. */
export class WorkerClient {
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;
  private ended: ViewStoreError | undefined;

  private constructor(private readonly worker: Worker) {
    worker.on('message', (response: WorkerResponse) => this.settle(response));
    worker.on('error', (error) => this.end(error));
    worker.on('exit', () => this.end());
  }

  /**
   * @param script of the thread: only one writer at a time opens the file, and before any reader
   * @throws ViewStoreError when the file cannot be opened
   */
  static async start(script: 'viewWorker' | 'viewReader', file: ViewFile): Promise<WorkerClient> {
    const client = new WorkerClient(startThread(script, file));
    try {
      await new Promise<WorkerResult>((resolve, reject) => client.pending.set(0, { resolve, reject }));
    } catch (error) {
      await client.worker.terminate();
      throw error;
    }
    return client;
  }

  /** @returns documents written; the others were fenced */
  async write(documents: DocumentsWritten): Promise<number> {
    return (await this.send({ kind: 'write', ...documents })) as number;
  }

  /** All statements in one transaction. @returns rows changed by each */
  async change(...statements: SqlPart[]): Promise<readonly number[]> {
    return (await this.send({ kind: 'change', statements })) as readonly number[];
  }

  async rows(text: string, ...values: SqlValue[]): Promise<readonly SqlValue[][]> {
    return (await this.send({ kind: 'rows', statement: { text, values } })) as readonly SqlValue[][];
  }

  /** After everything that was sent before. */
  async close(): Promise<void> {
    if (this.ended !== undefined) return;
    const exited = new Promise((resolve) => this.worker.once('exit', resolve));
    await this.send({ kind: 'close' });
    await exited;
  }

  private send(task: WorkerTask): Promise<WorkerResult> {
    if (this.ended !== undefined) return Promise.reject(this.ended);
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject });
      this.worker.postMessage({ id, task });
    });
  }

  private settle({ id, result, error }: WorkerResponse): void {
    const waiting = this.pending.get(id);
    this.pending.delete(id);
    if (error === undefined) waiting?.resolve(result);
    else if (error.failure === undefined) waiting?.reject(new Error(error.message));
    else waiting?.reject(new ViewStoreError(error.failure, error.message));
  }

  private end(cause?: unknown): void {
    this.ended ??= new ViewStoreError('closed', 'a thread of the views has ended: restart the process', {
      cause,
    });
    for (const { reject } of this.pending.values()) reject(this.ended);
    this.pending.clear();
  }
}

/** Started from source, the thread needs the loader that the process may have (start) or not (jest). */
function startThread(script: string, workerData: ViewFile): Worker {
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL(`./${script}.js`, import.meta.url), { workerData });
  }
  const loader = new URL('../../../../tools/swc/register.mjs', import.meta.url).href;
  return new Worker(new URL(`./${script}.ts`, import.meta.url), {
    workerData,
    execArgv: ['--conditions=source', '--import', loader],
  });
}
