import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { COMMANDS } from '@rapport/contracts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const PROGRAM = fileURLToPath(new URL('./clockedRapport.ts', import.meta.url));

/** What a test tells the process. */
export type ClockedOrder = { readonly id: number } & (
  | { readonly do: 'clock'; readonly at: number }
  | { readonly do: 'sweep' | 'settle' | 'log' | 'alerts' }
  | {
      readonly do: 'send';
      readonly command: keyof typeof COMMANDS;
      readonly payload: object;
      readonly commandId?: string;
    }
);

export interface ClockedAnswer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

type Order = ClockedOrder extends infer One ? (One extends ClockedOrder ? Omit<One, 'id'> : never) : never;

/** Rapport as a process of its own, with all its services on a folder and a clock that a test moves. */
export class ClockedProcess {
  private readonly answers = new Map<number, (answer: ClockedAnswer) => void>();
  private readonly ended: Promise<void>;
  private orders = 0;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', (answer: ClockedAnswer) => this.answers.get(answer.id)?.(answer));
    this.ended = new Promise((resolve) => child.once('exit', () => resolve()));
    started.add(this);
  }

  static async start(directory: string, instant: number): Promise<ClockedProcess> {
    const { NODE_OPTIONS: _jest, ...env } = process.env;
    const child = fork(PROGRAM, [directory, String(instant)], {
      cwd: ROOT,
      env,
      execArgv: ['--enable-source-maps', '--conditions=source', '--import', './tools/swc/register.mjs'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('message', () => resolve());
      child.once('exit', (code) => reject(new Error(`ended with ${code} before it was ready`)));
    });
    return new ClockedProcess(child);
  }

  /** @throws Error as the process says, or when it ends before it has answered */
  async tell<T>(order: Order): Promise<T> {
    const id = (this.orders += 1);
    const answered = new Promise<ClockedAnswer>((resolve) => this.answers.set(id, resolve));
    this.child.send({ ...order, id });
    const cut = this.ended.then((): ClockedAnswer => ({ id, error: 'killed' }));
    const { result, error } = await Promise.race([answered, cut]);
    this.answers.delete(id);
    if (error !== undefined) throw new Error(error);
    return result as T;
  }

  /** SIGSTOP: nothing of it runs, nothing of it is lost. */
  suspend(): void {
    this.child.kill('SIGSTOP');
  }

  /** SIGCONT */
  resume(): void {
    this.child.kill('SIGCONT');
  }

  /** kill -9 */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
    started.delete(this);
  }

  /** Ends what a failed test left running. */
  static async endAll(): Promise<void> {
    for (const process of started) await process.kill();
  }
}

const started = new Set<ClockedProcess>();
