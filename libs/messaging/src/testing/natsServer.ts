import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Path of the nats-server (2.12 or later) that tests start: `node tools/engines/nats.mjs` installs one. */
export const NATS_SERVER = process.env['RAPPORT_TEST_NATS_SERVER'];

/** How long a server may take to be ready or to stop, in milliseconds. */
const PATIENCE = 60_000;

export interface NatsServerOptions {
  /** Path of the binary; default: RAPPORT_TEST_NATS_SERVER. */
  readonly binary?: string;
  /** With JetStream, whose store is a folder of this server alone. */
  readonly jetStream?: boolean;
  /** Client port on loopback; default: a free one, which it keeps when it is started again. */
  readonly port?: number;
  /** More of the server's configuration, in its own syntax: users, cluster, limits. */
  readonly config?: string;
  /** A folder for store, configuration and log, which stays; default: a temporary one, which `stop` removes. */
  readonly folder?: string;
}

/** A real nats-server on loopback for tests and local runs, which can be killed, frozen and started again. */
export class NatsServer {
  #process: ChildProcess | undefined;
  #exited: Promise<void> = Promise.resolve();
  #port: number;
  #monitoringPort = -1;
  readonly #folder: string;

  private constructor(private readonly options: NatsServerOptions) {
    this.#port = options.port ?? -1;
    this.#folder = options.folder ?? mkdtempSync(join(tmpdir(), 'rapport-nats-'));
    writeFileSync(this.#path('server.conf'), options.config ?? '');
  }

  /** Resolves when the server serves, with JetStream when its store is recovered. */
  static async start(options: NatsServerOptions = {}): Promise<NatsServer> {
    const server = new NatsServer(options);
    await server.start();
    return server;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.#port}`;
  }

  get port(): number {
    return this.#port;
  }

  get pid(): number {
    return this.#running().pid!;
  }

  /** What the server has logged so far. */
  log(): string {
    return readFileSync(this.#path('log'), 'utf8');
  }

  /** After `kill` or `shutDown`: again, on the same port and store. */
  async start(): Promise<void> {
    if (this.#process !== undefined) throw new Error('this nats-server is running already');
    const binary = this.options.binary ?? NATS_SERVER;
    if (binary === undefined) throw new Error('set RAPPORT_TEST_NATS_SERVER to the path of a nats-server');
    const output = openSync(this.#path('log'), 'a');
    const process_ = spawn(binary, this.#arguments(), { stdio: ['ignore', output, output] });
    closeSync(output);
    // A test process that ends leaves no server behind.
    const killAtExit = (): void => void process_.kill('SIGKILL');
    process.once('exit', killAtExit);
    this.#process = process_;
    this.#exited = new Promise((resolve) => {
      const ended = (): void => {
        process.off('exit', killAtExit);
        if (this.#process === process_) this.#process = undefined;
        resolve();
      };
      process_.once('exit', ended).once('error', ended);
    });
    await this.#ready();
  }

  /** kill -9: nothing is flushed. */
  async kill(): Promise<void> {
    this.#running().kill('SIGKILL');
    await this.#exited;
  }

  /** Ends it as an operator would, so that it can be started again. */
  async shutDown(): Promise<void> {
    const running = this.#running();
    running.kill('SIGTERM');
    running.kill('SIGCONT');
    await this.#exited;
  }

  /** Freezes it: connections stay open, nothing is answered. Resolves when every thread stands still (Linux). */
  async pause(): Promise<void> {
    const { pid } = this;
    this.#running().kill('SIGSTOP');
    while (!standsStill(pid)) await sleep(1);
  }

  resume(): void {
    this.#running().kill('SIGCONT');
  }

  /** Ends it for good, whatever state it is in, and removes a temporary folder. */
  async stop(): Promise<void> {
    this.#process?.kill('SIGKILL');
    await this.#exited;
    if (this.options.folder === undefined) rmSync(this.#folder, { recursive: true, force: true });
  }

  #arguments(): string[] {
    const { jetStream = false } = this.options;
    const always = {
      '--config': this.#path('server.conf'),
      '--addr': '127.0.0.1',
      // -1: a free port of the system's choice, so that two servers never fight for one.
      '--port': String(this.#port),
      '--http_port': String(this.#monitoringPort),
      '--ports_file_dir': this.#folder,
    };
    return [
      ...Object.entries(always).flat(),
      ...(jetStream ? ['--jetstream', '--store_dir', this.#path('store')] : []),
    ];
  }

  async #ready(): Promise<void> {
    const deadline = performance.now() + PATIENCE;
    while (!(this.#learnPorts() && (await this.#healthy()))) {
      if (this.#process === undefined || performance.now() > deadline) {
        const log = this.log();
        await this.stop();
        throw new Error(`nats-server did not become ready:\n${log}`);
      }
      await sleep(10);
    }
  }

  /** The ports that the server chose are in a file that it writes. */
  #learnPorts(): boolean {
    if (this.#port > 0 && this.#monitoringPort > 0) return true;
    const file = this.#path(
      `${this.options.binary ?? NATS_SERVER}`.split('/').at(-1)! + `_${this.#process?.pid}.ports`,
    );
    if (!existsSync(file)) return false;
    try {
      const ports = JSON.parse(readFileSync(file, 'utf8')) as { nats: string[]; monitoring: string[] };
      this.#port = Number(new URL(ports.nats[0]!).port);
      this.#monitoringPort = Number(new URL(ports.monitoring[0]!).port);
      return true;
    } catch (error) {
      // Half written: read again.
      if (error instanceof SyntaxError) return false;
      throw error;
    }
  }

  async #healthy(): Promise<boolean> {
    return fetch(`http://127.0.0.1:${this.#monitoringPort}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  #running(): ChildProcess {
    if (this.#process === undefined) throw new Error('this nats-server is not running');
    return this.#process;
  }

  #path(name: string): string {
    return join(this.#folder, name);
  }
}

function standsStill(pid: number): boolean {
  const threads = `/proc/${pid}/task`;
  return readdirSync(threads).every((thread) =>
    /\) [Tt] /.test(readFileSync(join(threads, thread, 'stat'), 'utf8')),
  );
}
