import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const LOADER = new URL('../../../../../tools/swc/register.mjs', import.meta.url);
const PROGRAM = fileURLToPath(new URL('./appendingProgram.ts', import.meta.url));

/** How long a test waits for what another process does, in milliseconds. */
const PATIENCE = 60_000;

/** Command line of a real process that opens a store and appends: see appendingProgram. */
export function appendingProgram(directory: string, writers: number, appends: number): string[] {
  const flags = ['--conditions=source', '--import', LOADER.href];
  return [process.execPath, ...flags, PROGRAM, directory, String(writers), String(appends)];
}

/** A process whose answers go to a file, which survives it. */
export class StoreProcess {
  readonly #process: ChildProcess;
  readonly #exited: Promise<number | null>;

  constructor(
    [program, ...args]: string[],
    private readonly answersFile: string,
  ) {
    const output = openSync(answersFile, 'w');
    this.#process = spawn(program!, args, { stdio: ['ignore', output, 'inherit'] });
    closeSync(output);
    this.#exited = new Promise((resolve) => this.#process.on('exit', (code) => resolve(code)));
  }

  /** Complete lines of output so far. */
  answers(): string[] {
    return readFileSync(this.answersFile, 'utf8').split('\n').slice(0, -1);
  }

  /** Waits until there are this many answers. */
  async answered(count: number): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    while (this.answers().length < count) {
      if (performance.now() > deadline || this.#process.exitCode !== null) {
        throw new Error(`${this.answers().length} answers of ${count}, exit code ${this.#process.exitCode}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.#exited;
  }

  exited(): Promise<number | null> {
    return this.#exited;
  }
}
