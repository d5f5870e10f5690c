import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RelayStatus } from '@rapport/service-ledger';
import { until } from '@rapport/platform/testing';

const ROOT = fileURLToPath(new URL('../../../../../', import.meta.url));
const PROGRAM = fileURLToPath(new URL('./relayProgram.ts', import.meta.url));

/** A relay as a process of its own, which can be killed, frozen and continued: see relayProgram. */
export class RelayProcess {
  static readonly #running = new Set<RelayProcess>();
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  #status: RelayStatus | undefined;
  #errors = '';

  constructor(servers: readonly string[], replicas: 1 | 3, counted: number) {
    const flags = ['--conditions=source', '--import', './tools/swc/register.mjs'];
    const { NODE_OPTIONS: _jest, ...env } = process.env;
    const args = [...flags, PROGRAM, servers.join(','), String(replicas), String(counted)];
    this.#child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: 'pipe' });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.#errors += text));
    let rest = '';
    this.#child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      const last = lines.at(-1);
      if (last !== undefined) this.#status = JSON.parse(last) as RelayStatus;
    });
    // A process that was killed takes no more input.
    this.#child.stdin!.on('error', () => {});
    this.#exited = new Promise((resolve) => this.#child.once('exit', () => resolve()));
    RelayProcess.#running.add(this);
  }

  get status(): RelayStatus | undefined {
    return this.#status;
  }

  get published(): number {
    return this.#status?.publishedIndex ?? -1;
  }

  /** Lets its log grow to this many counted events. */
  grow(counted: number): void {
    this.#child.stdin!.write(`${counted}\n`);
  }

  /** Waits until it knows the event of this index to be published, by itself or by another. */
  async reaches(index: number, deadlineMs = 60_000): Promise<void> {
    await until(
      `index ${index} published`,
      () => {
        if (this.#child.exitCode !== null)
          throw new Error(`ended with ${this.#child.exitCode}: ${this.#errors}`);
        return this.published >= index ? true : undefined;
      },
      deadlineMs,
    ).catch((error: Error) => {
      throw new Error(`${error.message}; ${JSON.stringify(this.#status)} ${this.#errors}`);
    });
  }

  /** kill -9 */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
    RelayProcess.#running.delete(this);
  }

  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
  }

  /** Ends what a test left running. */
  static async killAll(): Promise<void> {
    await Promise.all(Array.from(RelayProcess.#running, (relay) => relay.kill()));
  }
}
