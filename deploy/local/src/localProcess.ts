import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemMonotonicClock, systemTimers } from '@rapport/platform';

export interface LocalProcessOptions {
  /** For messages. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Everything that it prints is added to this file. */
  readonly logFile: string;
  /** Whether it serves; asked again and again after the start. */
  readonly ready: () => Promise<boolean>;
  /** Milliseconds that it may take to be ready, or to stop; default 60,000. */
  readonly patienceMs?: number;
}

const POLL_MS = 25;

/** Everything that runs: it ends with this process, however that ends. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A process of this machine that can be stopped, killed, frozen and started again; it ends with its parent. */
export class LocalProcess {
  private child: ChildProcess | undefined;
  private ended: Promise<void> = Promise.resolve();

  constructor(private readonly options: LocalProcessOptions) {}

  get name(): string {
    return this.options.name;
  }

  get running(): boolean {
    return this.child !== undefined;
  }

  get pid(): number {
    return this.alive().pid!;
  }

  /** What it has printed so far, in all its lives. */
  log(): string {
    return readFileSync(this.options.logFile, 'utf8');
  }

  /** Resolves when it is ready. @throws Error with the end of its log when it ends before, or takes too long */
  async start(): Promise<void> {
    this.launch();
    await this.untilReady();
  }

  /** Starts without waiting. */
  launch(): void {
    if (this.child !== undefined) throw new Error(`${this.name} is running already`);
    const { command, args, env, cwd, logFile } = this.options;
    const log = openSync(logFile, 'a', 0o600);
    const child = spawn(command, args, {
      cwd,
      env: env === undefined ? process.env : { ...withoutSettings(process.env), ...env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    running.add(child);
    this.child = child;
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        running.delete(child);
        if (this.child === child) this.child = undefined;
        resolve();
      };
      child.once('exit', end).once('error', end);
    });
  }

  async untilReady(): Promise<void> {
    const deadline = systemMonotonicClock.now() + this.patience;
    while (!(await this.options.ready())) {
      if (this.child === undefined) throw new Error(`${this.name} ended at its start: ${this.lastWords()}`);
      if (systemMonotonicClock.now() > deadline) {
        throw new Error(`${this.name} did not become ready in ${this.patience} ms: ${this.lastWords()}`);
      }
      await systemTimers.sleep(POLL_MS);
    }
  }

  /** Ends it as an operator would (SIGTERM); by force when it takes too long. */
  async stop(): Promise<void> {
    const { child } = this;
    if (child === undefined) return;
    child.kill('SIGTERM');
    child.kill('SIGCONT');
    const force = systemTimers.schedule(this.patience, () => void child.kill('SIGKILL'));
    await this.ended;
    force();
  }

  /** kill -9 */
  async kill(): Promise<void> {
    this.alive().kill('SIGKILL');
    await this.ended;
  }

  /** SIGSTOP; resolves when every thread stands still (Linux). */
  async pause(): Promise<void> {
    const { pid } = this;
    this.alive().kill('SIGSTOP');
    const threads = `/proc/${pid}/task`;
    while (!readdirSync(threads).every((thread) => standsStill(join(threads, thread, 'stat')))) {
      await systemTimers.sleep(1);
    }
  }

  resume(): void {
    this.alive().kill('SIGCONT');
  }

  /** Resolves when it has ended, for whatever reason. */
  end(): Promise<void> {
    return this.ended;
  }

  private get patience(): number {
    return this.options.patienceMs ?? 60_000;
  }

  private alive(): ChildProcess {
    if (this.child === undefined) throw new Error(`${this.name} is not running`);
    return this.child;
  }

  private lastWords(): string {
    return this.log().trim().split('\n').slice(-8).join('\n');
  }
}

function standsStill(stat: string): boolean {
  try {
    return /\) [Tt] /.test(readFileSync(stat, 'utf8'));
  } catch {
    // The thread has ended.
    return true;
  }
}

/** What is set around us for tests and tools is none of the process's configuration. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('RAPPORT_')));
}
