import { join } from 'node:path';
import { DECIDING_SERVICES, type ServiceName } from '@rapport/platform';
import { LocalProcess } from './localProcess.ts';
import { nodeArguments } from './places.ts';

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
  readonly demo: boolean;
}

const ASSERTING: readonly ServiceName[] = ['gateway', ...DECIDING_SERVICES, 'imports'];

/** The environment of a service, as compose or Kubernetes would give it. */
export function serviceEnvironment(
  service: ServiceName,
  port: number,
  places: LocalPlaces,
): Readonly<Record<string, string>> {
  const { secrets, tenant, natsUrl, eventStore, views, keys, demo } = places;
  return {
    RAPPORT_TENANT: tenant,
    RAPPORT_NATS_URL: natsUrl,
    RAPPORT_NATS_USER: service,
    RAPPORT_NATS_PASSWORD_FILE: join(secrets, `${service}.password`),
    RAPPORT_DEMO: String(demo),
    RAPPORT_LOG_LEVEL: 'info',
    ...(service === 'gateway'
      ? {
          RAPPORT_HTTP_PORT: String(port),
          RAPPORT_ACTOR_SECRET_FILE: join(secrets, 'actor.key'),
          // One machine, its own user: nothing here that a limit would protect.
          RAPPORT_RATE_LIMIT: '0',
        }
      : {
          RAPPORT_HEALTH_PORT: String(port),
          RAPPORT_KEYS: keys,
          RAPPORT_MASTER_KEY_FILE: join(secrets, 'master.key'),
        }),
    ...(ASSERTING.includes(service) && {
      RAPPORT_ASSERTION_KEY_FILE: join(secrets, `${service}.jwk`),
    }),
    ...(service === 'ledger' && {
      RAPPORT_EVENT_STORE: eventStore,
      RAPPORT_ASSERTION_KEYS_FILE: join(secrets, 'keys.jwks'),
      RAPPORT_FACTS_USER: 'relay',
      RAPPORT_FACTS_PASSWORD_FILE: join(secrets, 'relay.password'),
    }),
    ...(service === 'projector' && { RAPPORT_VIEWS: views }),
  };
}

/** A replica of a service as a process of its own. */
export function serviceProcess(
  service: ServiceName,
  replica: number,
  port: number,
  places: LocalPlaces,
): LocalProcess {
  return new LocalProcess({
    name: `${service}-${replica}`,
    command: process.execPath,
    args: nodeArguments(`services/${service}/src/main`),
    env: serviceEnvironment(service, port, places),
    logFile: join(places.logs, `${service}-${replica}.log`),
    ready: () => answersReady(port),
  });
}

function answersReady(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/health/ready`).then(
    ({ ok }) => ok,
    () => false,
  );
}
