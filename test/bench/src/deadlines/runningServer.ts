import { fork, type ChildProcess } from 'node:child_process';
import { FROM_SOURCE, sourceFile, WORKSPACE } from '../places.ts';
import { NotAvailable } from '../notAvailable.ts';
import { BEFORE_DUE } from './overdueHistory.ts';
import type { ServerAnswer, ServerOrder } from './serverOrders.ts';

type Order = ServerOrder extends infer One ? (One extends ServerOrder ? Omit<One, 'id'> : never) : never;

/** The product on a folder of recorded dues, in a process of its own. */
export class RunningServer {
  private readonly answers = new Map<number, (answer: ServerAnswer) => void>();
  private orders = 0;

  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
  ) {}

  static async start(dir: string, profiles?: string): Promise<RunningServer> {
    const profiling = profiles === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`];
    const child = fork(sourceFile('deadlines/sweepingServer.ts'), [dir, String(BEFORE_DUE)], {
      execArgv: [...profiling, ...FROM_SOURCE],
      cwd: WORKSPACE,
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    process.once('exit', () => child.kill('SIGKILL'));
    const port = await new Promise<number>((resolve, reject) => {
      child.once('message', ({ result }: ServerAnswer) => resolve((result as { port: number }).port));
      child.once('exit', (code) => reject(new NotAvailable(`the server ended with exit code ${code}`)));
    });
    const server = new RunningServer(child, port);
    child.on('message', (answer: ServerAnswer) => server.answers.get(answer.id)?.(answer));
    return server;
  }

  async tell<T>(order: Order): Promise<T> {
    const id = (this.orders += 1);
    const answer = await new Promise<ServerAnswer>((resolve) => {
      this.answers.set(id, resolve);
      this.child.send({ ...order, id });
    });
    this.answers.delete(id);
    if (answer.error !== undefined) throw new Error(answer.error);
    return answer.result as T;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    await this.tell({ do: 'stop' });
    this.child.disconnect();
    await ended;
  }
}
