import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemMonotonicClock, systemTimers } from '@rapport/platform';
import { NotAvailable, reason } from '../notAvailable.ts';
import { workFolder } from '../places.ts';

export interface ProcessPlan {
  /** Name of its log file in .work/logs. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
}

const running = new Set<ChildProcess>();

// A bench that dies must not leave servers behind. Each is ended by its own handle.
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A process that the bench started: its output goes to a log file, it is awaited and ended by its id. */
export class StartedProcess {
  readonly startedAt: number;
  private readonly child: ChildProcess;
  private readonly ended: Promise<void>;
  private failure: string | undefined;
  readonly log: string;

  constructor(private readonly plan: ProcessPlan) {
    this.log = join(workFolder('logs'), `${plan.name}.log`);
    const output = openSync(this.log, 'w');
    this.startedAt = systemMonotonicClock.now();
    this.child = spawn(plan.command, [...plan.args], {
      cwd: plan.cwd,
      env: { ...process.env, ...plan.env },
      stdio: ['ignore', output, output],
      ...(plan.uid === undefined ? {} : { uid: plan.uid, gid: plan.gid }),
    });
    closeSync(output);
    running.add(this.child);
    this.ended = new Promise((resolve) => {
      const done = (why: string) => {
        this.failure ??= why;
        running.delete(this.child);
        resolve();
      };
      this.child.once('exit', (code, signal) => done(signal ?? `exit code ${code}`));
      this.child.once('error', (error) => done(reason(error)));
    });
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new NotAvailable(`${this.plan.name} did not start`);
    return this.child.pid;
  }

  /** Waits for its end by itself and answers how it ended: `exit code 0` or the signal's name. */
  async end(): Promise<string> {
    await this.ended;
    return this.failure ?? 'exit code 0';
  }

  /**
   * Waits until `ready` answers true, asking every `everyMs` milliseconds.
   * @returns milliseconds since the process was started
   * A refused connection means not yet; a NotAvailable ends the waiting.
   * @throws NotAvailable with what its log says when it ends before, or after `withinMs`
   */
  async until(ready: () => Promise<boolean>, withinMs: number, everyMs = 25): Promise<number> {
    for (;;) {
      if (await isNow(ready)) return systemMonotonicClock.now() - this.startedAt;
      const waited = systemMonotonicClock.now() - this.startedAt;
      if (this.failure !== undefined) throw this.notReachable(`ended with ${this.failure}`);
      if (waited > withinMs) throw this.notReachable(`was not ready within ${withinMs / 1000} s`);
      await systemTimers.sleep(everyMs);
    }
  }

  /** Asks it to end, and ends it by force after `patienceMs`. */
  async stop(signal: NodeJS.Signals = 'SIGINT', patienceMs = 20_000): Promise<void> {
    if (this.failure !== undefined) return;
    this.child.kill(signal);
    const giveUp = systemTimers.schedule(patienceMs, () => this.child.kill('SIGKILL'));
    await this.ended;
    giveUp();
  }

  private notReachable(why: string): NotAvailable {
    const lines = readFileSync(this.log, 'utf8').trim().split('\n');
    const said = (lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? '').trim().slice(0, 200);
    return new NotAvailable(`not reachable: ${this.plan.name} ${why}${said === '' ? '' : ` (${said})`}`);
  }
}

async function isNow(ready: () => Promise<boolean>): Promise<boolean> {
  try {
    return await ready();
  } catch (error) {
    if (error instanceof NotAvailable) throw error;
    return false;
  }
}
