import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DirectoryLock } from '@rapport/event-store';
import { expectFree, SERVICE_NAMES, type ServiceName } from '@rapport/platform';
import { engine } from './engines.ts';
import { ferretDbProcess } from './ferretDbProcess.ts';
import { keptPorts } from './keptPorts.ts';
import { refuseLeftBehind } from './leftBehind.ts';
import { LocalProcess, ProcessNotReady } from './localProcess.ts';
import { natsProcess } from './natsProcess.ts';
import { nodeArguments, ROOT } from './places.ts';
import { serviceEnvironment, serviceProcess, type LocalPlaces, type OtherBuild } from './serviceProcess.ts';

export interface LocalDeploymentOptions {
  /** Absolute path; everything is kept there. */
  readonly folder: string;
  /** Of the gateway; default: the one of the last start, or a free one. */
  readonly port?: number;
  /** Replicas by service; default 1. The embedded event store allows one ledger. */
  readonly replicas?: Partial<Record<ServiceName, number>>;
  /** Default: databases of FerretDB. */
  readonly views?: string;
  readonly keys?: string;
  /** What a replica is of and is given, where it differs from the others. */
  readonly build?: (service: ServiceName, replica: number, places: LocalPlaces) => OtherBuild | undefined;
}

/**
 * All services as processes of this machine, on a real NATS server and a server that speaks MongoDB's protocol: what
 * compose and Kubernetes start, without containers. Engines come up first, the ledger next, the others together.
 */
export class LocalDeployment {
  readonly services = new Map<ServiceName, readonly LocalProcess[]>();

  private constructor(
    readonly nats: LocalProcess,
    readonly ferretDb: LocalProcess,
    readonly places: LocalPlaces,
    readonly url: string,
    /** Health and metrics of each replica, `tickets-1`. */
    readonly ports: ReadonlyMap<string, number>,
    private lock: DirectoryLock | undefined,
  ) {}

  /**
   * Takes the folder until `stop`; prepares secrets and ports there; starts nothing.
   *
   * @throws StoreError `in-use` before anything there is touched; Error EADDRINUSE where the gateway's port is taken
   */
  static async prepare(options: LocalDeploymentOptions): Promise<LocalDeployment> {
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
    const lock = DirectoryLock.take(options.folder);
    try {
      refuseLeftBehind(options.folder);
      if (options.port !== undefined) await expectFree(options.port);
      return await LocalDeployment.prepared(options, lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  private static async prepared(
    options: LocalDeploymentOptions,
    lock: DirectoryLock,
  ): Promise<LocalDeployment> {
    const { folder, replicas = {}, build } = options;
    const secrets = join(folder, 'secrets');
    const logs = join(folder, 'logs');
    const log = join(folder, 'log');
    for (const path of [logs, log]) mkdirSync(path, { recursive: true, mode: 0o700 });
    makeSecrets(secrets);
    const names = SERVICE_NAMES.flatMap((service) =>
      Array.from({ length: replicas[service] ?? 1 }, (_, n) => [service, n + 1] as const),
    );
    const replica = ([service, n]: readonly [ServiceName, number]): string => `${service}-${n}`;
    const gateways = names.filter(([service]) => service === 'gateway').map(replica);
    const kept = await keptPorts(join(folder, 'ports.json'), [
      'nats',
      'nats-monitoring',
      'ferretdb',
      ...gateways.map((name) => `${name}-http`),
      ...names.map(replica),
    ]);
    const port = (name: string): number => kept.get(name)!;
    const apiPort = (name: string): number =>
      name === gateways[0] ? (options.port ?? port(`${name}-http`)) : port(`${name}-http`);
    const nats = natsProcess({
      binary: engine('nats'),
      folder: join(folder, 'nats'),
      port: port('nats'),
      monitoringPort: port('nats-monitoring'),
      passwords: readFileSync(join(secrets, 'passwords.conf'), 'utf8'),
    });
    const ferretDb = ferretDbProcess({
      binary: engine('ferretdb'),
      folder: join(folder, 'ferretdb'),
      port: port('ferretdb'),
    });
    const mongodb = `mongodb://127.0.0.1:${port('ferretdb')}`;
    const places: LocalPlaces = {
      logs,
      secrets,
      tenant: 'main',
      natsUrl: `nats://127.0.0.1:${port('nats')}`,
      eventStore: `embedded:${log}`,
      views: options.views ?? `${mongodb}/rapport_views`,
      keys: options.keys ?? `${mongodb}/rapport_keys`,
    };
    const ports = new Map(names.map(replica).map((name) => [name, port(name)]));
    const url = `http://127.0.0.1:${apiPort(gateways[0]!)}`;
    const deployment = new LocalDeployment(nats, ferretDb, places, url, ports, lock);
    for (const service of SERVICE_NAMES) {
      const mine = names.filter(([name]) => name === service);
      deployment.services.set(
        service,
        mine.map(([, n]) => {
          const name = replica([service, n]);
          const listens = service === 'gateway' ? apiPort(name) : undefined;
          return serviceProcess(service, n, port(name), places, listens, build?.(service, n, places));
        }),
      );
    }
    return deployment;
  }

  /** Prepares and starts everything. */
  static async start(options: LocalDeploymentOptions): Promise<LocalDeployment> {
    const deployment = await LocalDeployment.prepare(options);
    await deployment.startEngines();
    await deployment.startServices();
    return deployment;
  }

  get all(): readonly LocalProcess[] {
    return [...this.services.values()].flat();
  }

  /** A replica of a service; the first by default. */
  service(name: ServiceName, replica = 1): LocalProcess {
    const process_ = this.services.get(name)?.[replica - 1];
    if (process_ === undefined) throw new Error(`there is no ${name}-${replica}`);
    return process_;
  }

  async startEngines(): Promise<void> {
    await Promise.all([this.nats.start(), this.ferretDb.start()]);
  }

  /** Resolves when every service is ready. */
  async startServices(): Promise<void> {
    try {
      await Promise.all(this.all.map((service) => service.start()));
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /**
   * Lives the demo and imports the samples into the log that the services will share; before they start. What is there
   * already changes nothing.
   */
  async seed(out: { write(text: string): unknown }): Promise<void> {
    const seeding = await this.asLedger('seed', 'services/standalone/src/demo/main');
    const said = seeding.words();
    if (!/^The log is ready\.$/m.test(said)) {
      throw new ProcessNotReady(`the demo could not be lived: ${said.slice(-2_000)}`, seeding.exitCode);
    }
    out.write(said);
  }

  /** Makes a log that was put back from a backup one of its own; nothing but its keys' engine may run. */
  async restore(args: readonly string[], out: { write(text: string): unknown }): Promise<void> {
    await this.ferretDb.start();
    const restoring = await this.asLedger('restore', 'services/ledger/src/restore/main', ...args);
    const said = restoring.words();
    if (restoring.exitCode !== 0) throw new ProcessNotReady(said.trim(), restoring.exitCode);
    out.write(said);
  }

  /** Runs a module to its end with the ledger's own configuration. */
  private async asLedger(name: string, module: string, ...args: readonly string[]): Promise<LocalProcess> {
    const once = new LocalProcess({
      name,
      command: process.execPath,
      args: nodeArguments(module, ...args),
      env: serviceEnvironment('ledger', 0, this.places),
      logFile: join(this.places.logs, `${name}.log`),
      ready: async () => true,
    });
    once.launch();
    await once.end();
    return once;
  }

  /** Services first, the gateway before the others; then the engines. The folder is free afterwards. */
  async stop(): Promise<void> {
    await Promise.all((this.services.get('gateway') ?? []).map((service) => service.stop()));
    await Promise.all(
      this.all.filter(({ name }) => !name.startsWith('ledger')).map((service) => service.stop()),
    );
    await Promise.all((this.services.get('ledger') ?? []).map((service) => service.stop()));
    await Promise.all([this.nats.stop(), this.ferretDb.stop()]);
    this.lock?.release();
    this.lock = undefined;
  }
}

function makeSecrets(folder: string): void {
  const { status, stderr } = spawnSync(process.execPath, [`${ROOT}deploy/docker/makeSecrets.mjs`, folder], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the secrets could not be made: ${stderr}`);
}
