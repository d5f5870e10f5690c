import { join } from 'node:path';
import { SETTINGS, type ServiceName, type Setting } from '@rapport/platform';
import { LocalProcess } from './localProcess.ts';
import { nodeArguments, sourceArguments } from './places.ts';

/** Where everything is that the processes of one deployment share. */
export interface LocalPlaces {
  /** Logs of the processes. */
  readonly logs: string;
  /** As makeSecrets made it. */
  readonly secrets: string;
  readonly tenant: string;
  readonly natsUrl: string;
  readonly eventStore: string;
  readonly views: string;
  readonly keys: string;
}

/** The environment of a service, as compose or Kubernetes would give it: of the settings those that it reads. */
export function serviceEnvironment(
  service: ServiceName,
  healthPort: number,
  { secrets, tenant, natsUrl, eventStore, views, keys }: LocalPlaces,
  apiPort = 0,
): Readonly<Record<string, string>> {
  const secret = (file: string): string => join(secrets, file);
  const values: Partial<Record<keyof typeof SETTINGS, string>> = {
    tenant,
    natsUrls: natsUrl,
    natsUser: service,
    natsPassword: secret(`${service}.password`),
    eventStore,
    factsUser: 'relay',
    factsPassword: secret('relay.password'),
    views,
    keys,
    masterKey: secret('master.key'),
    assertionKey: secret(`${service}.jwk`),
    assertionKeys: secret('keys.jwks'),
    actorSecret: secret('actor.key'),
    httpPort: String(apiPort),
    healthPort: String(healthPort),
    // One machine, its own user: nothing here that a limit would protect.
    rateLimit: '0',
    writeFormats: 'current',
    demo: 'true',
    logLevel: 'info',
  };
  return Object.fromEntries(
    Object.entries<Setting>(SETTINGS).flatMap(([key, { name, services }]) => {
      const value = values[key as keyof typeof SETTINGS];
      return value !== undefined && services.includes(service) ? [[name, value]] : [];
    }),
  );
}

/** What a process is of, where not of this checkout as it is: as while a release rolls out. */
export interface OtherBuild {
  /** The checkout, absolute, with a slash at its end. */
  readonly root?: string;
  /** Settings that it is given otherwise; undefined: not at all. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** A replica of a service as a process of its own. */
export function serviceProcess(
  service: ServiceName,
  replica: number,
  healthPort: number,
  places: LocalPlaces,
  apiPort?: number,
  { root, env = {} }: OtherBuild = {},
): LocalProcess {
  const module = `services/${service}/src/main`;
  const settings = { ...serviceEnvironment(service, healthPort, places, apiPort), ...env };
  return new LocalProcess({
    name: `${service}-${replica}`,
    command: process.execPath,
    args: root === undefined ? nodeArguments(module) : sourceArguments(root, module),
    env: Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as Record<
      string,
      string
    >,
    logFile: join(places.logs, `${service}-${replica}.log`),
    ready: () => answersReady(healthPort),
  });
}

function answersReady(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}
