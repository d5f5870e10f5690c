import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  /** Holds its process id while it runs; left behind where it lives on after this process was killed. */
  readonly pidFile?: string;
  /** Milliseconds that it may take to be ready; default 180,000. */
  readonly patienceMs?: number;
}

/** It did not come up: what it said at this start, and its exit code where it ended. */
export class ProcessNotReady extends Error {
  override readonly name = 'ProcessNotReady';

  constructor(
    message: string,
    readonly exitCode: number | undefined,
  ) {
    super(message);
  }
}

/** As on a loaded machine, where many start at once. */
const START_PATIENCE_MS = 180_000;
const STOP_PATIENCE_MS = 60_000;

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
  private code: number | undefined;
  /** Bytes that the log file had when it was started last: what stands before is of its former lives. */
  private logBegins = 0;

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

  /** What it has printed since it was started last. */
  words(): string {
    return readFileSync(this.options.logFile).subarray(this.logBegins).toString('utf8');
  }

  /** Of its last life; undefined while it runs, and where a signal ended it. */
  get exitCode(): number | undefined {
    return this.code;
  }

  /** Resolves when it is ready. @throws ProcessNotReady with the end of what it said when it ends before, or takes too long */
  async start(): Promise<void> {
    this.launch();
    await this.untilReady();
  }

  /** Starts without waiting. */
  launch(): void {
    if (this.child !== undefined) throw new Error(`${this.name} is running already`);
    const { command, args, env, cwd, logFile, pidFile } = this.options;
    const log = openSync(logFile, 'a', 0o600);
    this.logBegins = fstatSync(log).size;
    this.code = undefined;
    const child = spawn(command, args, {
      cwd,
      env: env === undefined ? process.env : { ...withoutSettings(process.env), ...env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    running.add(child);
    this.child = child;
    if (pidFile !== undefined && child.pid !== undefined) writeFileSync(pidFile, `${child.pid}\n`);
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        running.delete(child);
        if (this.child === child) {
          this.child = undefined;
          this.code = child.exitCode ?? undefined;
          if (pidFile !== undefined) rmSync(pidFile, { force: true });
        }
        resolve();
      };
      child.once('exit', end).once('error', end);
    });
  }

  async untilReady(): Promise<void> {
    const { patienceMs = START_PATIENCE_MS } = this.options;
    const deadline = systemMonotonicClock.now() + patienceMs;
    while (!(await this.options.ready())) {
      if (this.child === undefined) {
        throw new ProcessNotReady(`${this.name} ended at its start: ${this.lastWords()}`, this.code);
      }
      if (systemMonotonicClock.now() > deadline) {
        const late = `${this.name} did not become ready in ${patienceMs} ms: ${this.lastWords()}`;
        throw new ProcessNotReady(late, undefined);
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
    const force = systemTimers.schedule(STOP_PATIENCE_MS, () => void child.kill('SIGKILL'));
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

  private alive(): ChildProcess {
    if (this.child === undefined) throw new Error(`${this.name} is not running`);
    return this.child;
  }

  private lastWords(): string {
    return this.words().trim().split('\n').slice(-8).join('\n');
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
