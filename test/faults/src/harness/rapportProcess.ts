import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '@rapport/platform/testing';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const MAIN = join(ROOT, 'services/standalone/src/main.ts');
const IMPORT = join(ROOT, 'services/standalone/src/import/main.ts');
const BACKUP = join(ROOT, 'services/standalone/src/backup/main.ts');
const RESTORE = join(ROOT, 'services/standalone/src/restore/main.ts');

export interface Exit {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of its own for a test. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'rapport-faults-'));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Rapport as a process of its own, as `npm start -- …` starts it. */
export class RapportProcess {
  private stdout = '';
  private stderr = '';
  private readonly exit: Promise<Exit>;

  private constructor(private readonly child: ChildProcess) {
    child.stdout!.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.exit = new Promise((resolve) =>
      child.on('close', (code) => resolve({ code, stdout: this.stdout, stderr: this.stderr })),
    );
    started.add(this);
  }

  /** @param options of `npm start --` */
  static launch(...options: readonly string[]): RapportProcess {
    return new RapportProcess(run(MAIN, options));
  }

  /** @param options of `npm run import --` */
  static importing(...options: readonly string[]): RapportProcess {
    return new RapportProcess(run(IMPORT, options));
  }

  /** @param options of `npm run backup --` */
  static backingUp(...options: readonly string[]): RapportProcess {
    return new RapportProcess(run(BACKUP, options));
  }

  /** @param options of `npm run restore --` */
  static restoring(...options: readonly string[]): RapportProcess {
    return new RapportProcess(run(RESTORE, options));
  }

  /** Starts it without demo on a free port, and waits until it says that it is ready. */
  static async ready(directory: string, ...options: readonly string[]): Promise<RapportProcess> {
    const rapport = RapportProcess.launch('--empty', '--data', directory, '--port', '0', ...options);
    await rapport.says(/^Ready\./m);
    return rapport;
  }

  /** Where it listens. */
  get url(): string {
    return /http:\/\/127\.0\.0\.1:\d+/.exec(this.stdout)![0];
  }

  get errors(): string {
    return this.stderr;
  }

  /** Waits until its output matches. */
  async says(text: RegExp): Promise<void> {
    await until(`${String(text)} in the output`, () => {
      if (text.test(this.stdout)) return true;
      if (this.child.exitCode !== null) throw new Error(`ended with ${this.child.exitCode}: ${this.stderr}`);
      return undefined;
    });
  }

  /** kill -9 */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exit;
  }

  /** Ctrl-C, and its end. */
  async interrupt(): Promise<Exit> {
    this.child.kill('SIGINT');
    return this.exited();
  }

  /** Its end; fails when it does not come. */
  async exited(deadlineMs = 60_000): Promise<Exit> {
    let exit: Exit | undefined;
    void this.exit.then((found) => (exit = found));
    return until('the end of the process', () => exit, deadlineMs);
  }

  private get running(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Ends what a failed test left running. */
  static async endAll(): Promise<void> {
    for (const rapport of started) if (rapport.running) await rapport.kill();
    started.clear();
  }
}

const started = new Set<RapportProcess>();

function run(program: string, options: readonly string[]): ChildProcess {
  const flags = ['--enable-source-maps', '--conditions=source', '--import', './tools/swc/register.mjs'];
  const { NODE_OPTIONS: _jest, ...env } = process.env;
  return spawn(process.execPath, [...flags, program, ...options], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
