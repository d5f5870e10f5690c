import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NAMES, type ServiceName } from '@rapport/platform';
import { engine } from './engines.ts';
import { ferretDbProcess } from './ferretDbProcess.ts';
import { freePorts } from './freePorts.ts';
import { LocalProcess } from './localProcess.ts';
import { natsProcess } from './natsProcess.ts';
import { nodeArguments, ROOT } from './places.ts';
import { serviceEnvironment, serviceProcess, type LocalPlaces } from './serviceProcess.ts';

export interface LocalDeploymentOptions {
  /** Absolute path; everything is kept there. */
  readonly folder: string;
  /** Of the gateway; default: a free one. */
  readonly port?: number;
  /** Replicas by service; default 1. The embedded event store allows one ledger. */
  readonly replicas?: Partial<Record<ServiceName, number>>;
  /** Default: databases of FerretDB. */
  readonly views?: string;
  readonly keys?: string;
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
  ) {}

  /** Prepares folder, secrets and ports; starts nothing. */
  static async prepare(options: LocalDeploymentOptions): Promise<LocalDeployment> {
    const { folder, replicas = {} } = options;
    const secrets = join(folder, 'secrets');
    const logs = join(folder, 'logs');
    for (const path of [folder, logs]) mkdirSync(path, { recursive: true, mode: 0o700 });
    makeSecrets(secrets);
    const names = SERVICE_NAMES.flatMap((service) =>
      Array.from({ length: replicas[service] ?? 1 }, (_, n) => [service, n + 1] as const),
    );
    const gateways = replicas.gateway ?? 1;
    const [natsPort, monitoringPort, ferretPort, ...free] = await freePorts(3 + gateways + names.length);
    const apiPorts = [options.port ?? free[0]!, ...free.slice(1, gateways)];
    const ports = free.slice(gateways);
    const nats = natsProcess({
      binary: engine('nats'),
      folder: join(folder, 'nats'),
      port: natsPort!,
      monitoringPort: monitoringPort!,
      passwords: readFileSync(join(secrets, 'passwords.conf'), 'utf8'),
    });
    const ferretDb = ferretDbProcess({
      binary: engine('ferretdb'),
      folder: join(folder, 'ferretdb'),
      port: ferretPort!,
    });
    const mongodb = `mongodb://127.0.0.1:${ferretPort}`;
    const places: LocalPlaces = {
      logs,
      secrets,
      tenant: 'main',
      natsUrl: `nats://127.0.0.1:${natsPort}`,
      eventStore: `embedded:${join(folder, 'log')}`,
      views: options.views ?? `${mongodb}/rapport_views`,
      keys: options.keys ?? `${mongodb}/rapport_keys`,
    };
    const portOf = new Map(names.map(([service, n], i) => [`${service}-${n}`, ports[i]!]));
    const url = `http://127.0.0.1:${apiPorts[0]}`;
    const deployment = new LocalDeployment(nats, ferretDb, places, url, portOf);
    for (const service of SERVICE_NAMES) {
      const mine = names.filter(([name]) => name === service);
      deployment.services.set(
        service,
        mine.map(([, n]) => {
          const apiPort = service === 'gateway' ? apiPorts[n - 1] : undefined;
          return serviceProcess(service, n, portOf.get(`${service}-${n}`)!, places, apiPort);
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
    const seeding = new LocalProcess({
      name: 'demo',
      command: process.execPath,
      args: nodeArguments('services/standalone/src/demo/main'),
      env: serviceEnvironment('ledger', 0, this.places),
      logFile: join(this.places.logs, 'seed.log'),
      ready: async () => true,
    });
    await seeding.start();
    await seeding.end();
    const said = seeding.log();
    if (!/^The log is ready\.$/m.test(said))
      throw new Error(`the demo could not be lived: ${said.slice(-2_000)}`);
    out.write(said);
  }

  /** Services first, the gateway before the others; then the engines. */
  async stop(): Promise<void> {
    await Promise.all((this.services.get('gateway') ?? []).map((service) => service.stop()));
    await Promise.all(
      this.all.filter(({ name }) => !name.startsWith('ledger')).map((service) => service.stop()),
    );
    await Promise.all((this.services.get('ledger') ?? []).map((service) => service.stop()));
    await Promise.all([this.nats.stop(), this.ferretDb.stop()]);
  }
}

function makeSecrets(folder: string): void {
  const { status, stderr } = spawnSync(process.execPath, [`${ROOT}deploy/docker/makeSecrets.mjs`, folder], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`the secrets could not be made: ${stderr}`);
}
