import { certificates, key32, privateJwk, publicJwks, secretLine } from './secretType.ts';
import { DECIDING_SERVICES, SERVICE_NAMES, type ServiceName } from './serviceName.ts';
import { ALWAYS, type Requirement, type Setting } from './setting.ts';
import {
  anyText,
  flag,
  integer,
  Misfit,
  oneOf,
  storePlace,
  text,
  url,
  urls,
  type SettingType,
} from './settingType.ts';

type Described<Value, Service extends ServiceName> = Omit<
  Setting<Value, Service>,
  'name' | 'secret' | 'presence' | 'default' | 'required'
> & { readonly secret?: boolean };

/** It always has a value: the default, or one that must be set. */
function certain<Value, const Service extends ServiceName>(
  name: string,
  given: Described<Value, Service> & ({ readonly default: string } | { readonly required: typeof ALWAYS }),
): Setting<Value, Service, 'always'> {
  return { name, secret: false, ...given, presence: 'always' };
}

/** It may be left out, or must be set only sometimes. */
function perhaps<Value, const Service extends ServiceName>(
  name: string,
  given: Described<Value, Service> & { readonly required?: Requirement },
): Setting<Value, Service, 'perhaps'> {
  return { name, secret: false, ...given, presence: 'perhaps' };
}

const EVERY = SERVICE_NAMES;
const ASSERTING = ['gateway', ...DECIDING_SERVICES, 'imports'] as const;
const WITH_KEYS = [...DECIDING_SERVICES, 'imports', 'ledger', 'projector'] as const;

const unlessDemo: Requirement = {
  words: 'unless `RAPPORT_DEMO` is `true`',
  holds: (read) => read('RAPPORT_DEMO') !== 'true',
};
const withMongoKeys: Requirement = {
  words: 'when `RAPPORT_KEYS` is a server',
  holds: (read) => !(read('RAPPORT_KEYS') ?? 'embedded:').startsWith('embedded:'),
};
const ADDRESS: SettingType<string> = text(/^[0-9a-fA-F.:]+$|^localhost$/, 'an IP address');
const factsReplicas: SettingType<1 | 3> = {
  words: '`1` or `3`',
  parse: (given) => {
    if (given !== '1' && given !== '3') throw new Misfit('must be 1 or 3');
    return given === '1' ? 1 : 3;
  },
};
const PORT = integer(0, 65_535, '0: any free one');

/** Every setting of the distributed form, in the order of the reference page. */
export const SETTINGS = {
  tenant: certain('RAPPORT_TENANT', {
    type: text(/^[a-z][a-z0-9-]{0,30}$/, 'lower-case letters, digits, hyphens (at most 31)'),
    default: 'main',
    services: EVERY,
    description:
      'The tenant. It stands in envelopes, subjects, key ids and metrics: never change it once history exists.',
  }),
  natsUrls: certain('RAPPORT_NATS_URL', {
    type: urls('nats', 'tls'),
    required: ALWAYS,
    services: EVERY,
    description: 'Servers of one NATS cluster.',
  }),
  natsUser: perhaps('RAPPORT_NATS_USER', {
    type: anyText,
    services: EVERY,
    description:
      'NATS user; the permissions of `deploy/nats` belong to the user with the name of the service.',
  }),
  natsPassword: perhaps('RAPPORT_NATS_PASSWORD_FILE', {
    type: secretLine,
    secret: true,
    required: {
      words: 'when `RAPPORT_NATS_USER` is set',
      holds: (read) => read('RAPPORT_NATS_USER') !== undefined,
    },
    services: EVERY,
    description: 'Password of the NATS user.',
  }),
  natsCa: perhaps('RAPPORT_NATS_CA_FILE', {
    type: certificates,
    services: EVERY,
    description: 'Authorities that vouch for the NATS servers; without it the ones that Node.js trusts.',
  }),
  eventStore: certain('RAPPORT_EVENT_STORE', {
    type: storePlace('esdb', 'esdb+discover', 'kurrentdb', 'kurrentdb+discover'),
    secret: true,
    required: ALWAYS,
    services: ['ledger'],
    description: 'The log. A connection string may hold a password.',
  }),
  factsUser: perhaps('RAPPORT_FACTS_USER', {
    type: anyText,
    services: ['ledger'],
    description:
      'NATS user of the relay, which has a connection of its own: `relay` in `deploy/nats`. Without it the relay connects like the rest of the ledger.',
  }),
  factsPassword: perhaps('RAPPORT_FACTS_PASSWORD_FILE', {
    type: secretLine,
    secret: true,
    required: {
      words: 'when `RAPPORT_FACTS_USER` is set',
      holds: (read) => read('RAPPORT_FACTS_USER') !== undefined,
    },
    services: ['ledger'],
    description: 'Password of that user.',
  }),
  factsReplicas: certain('RAPPORT_FACTS_REPLICAS', {
    type: factsReplicas,
    default: '1',
    services: ['ledger'],
    description: 'Replicas of the facts stream; 3 on a NATS cluster of three.',
  }),
  factsMaxBytes: certain('RAPPORT_FACTS_MAX_BYTES', {
    type: integer(1_048_576, 1_099_511_627_776, 'bytes'),
    default: '1073741824',
    services: ['ledger'],
    description:
      'Size of the facts stream; when it is full, the oldest facts leave it and come from the ledger.',
  }),
  views: certain('RAPPORT_VIEWS', {
    type: storePlace('mongodb', 'mongodb+srv'),
    secret: true,
    required: ALWAYS,
    services: ['projector'],
    description: 'The views: a database of its own. A connection string may hold a password.',
  }),
  keys: certain('RAPPORT_KEYS', {
    type: storePlace('mongodb', 'mongodb+srv'),
    secret: true,
    required: ALWAYS,
    services: WITH_KEYS,
    description: 'Keys of sealed fields: a database of its own. A connection string may hold a password.',
  }),
  masterKey: perhaps('RAPPORT_MASTER_KEY_FILE', {
    type: key32,
    secret: true,
    required: withMongoKeys,
    services: WITH_KEYS,
    description: 'Wraps the keys in MongoDB. Lost, every sealed field is lost.',
  }),
  assertionKey: certain('RAPPORT_ASSERTION_KEY_FILE', {
    type: privateJwk,
    secret: true,
    required: ALWAYS,
    services: ASSERTING,
    description: 'Signs who acts, for the ledger to verify.',
  }),
  assertionKeys: certain('RAPPORT_ASSERTION_KEYS_FILE', {
    type: publicJwks,
    required: ALWAYS,
    services: ['ledger'],
    description: 'Public keys of everybody who may say who acts.',
  }),
  actorSecret: certain('RAPPORT_ACTOR_SECRET_FILE', {
    type: key32,
    secret: true,
    required: ALWAYS,
    services: ['gateway'],
    description:
      'From it and the subject of a token come opaque actor ids: the same for every replica, and never changed once history exists.',
  }),
  oidcIssuer: perhaps('RAPPORT_OIDC_ISSUER', {
    type: url('https', 'http'),
    required: unlessDemo,
    services: ['gateway'],
    description: 'Issuer of the bearer tokens, exactly as in their `iss`.',
  }),
  oidcAudience: perhaps('RAPPORT_OIDC_AUDIENCE', {
    type: anyText,
    required: unlessDemo,
    services: ['gateway'],
    description: 'What must stand in `aud`.',
  }),
  oidcJwksUrl: perhaps('RAPPORT_OIDC_JWKS_URL', {
    type: url('https', 'http'),
    required: unlessDemo,
    services: ['gateway'],
    description: 'Where the issuer publishes its keys.',
  }),
  oidcRolesClaim: certain('RAPPORT_OIDC_ROLES_CLAIM', {
    type: anyText,
    default: 'roles',
    services: ['gateway'],
    description: 'Claim with the roles, dots for depth: `realm_access.roles`.',
  }),
  writeFormats: certain('RAPPORT_WRITE_FORMATS', {
    type: oneOf('previous', 'current'),
    default: 'previous',
    services: DECIDING_SERVICES,
    description:
      'What a process writes that the release before cannot read: nothing, or what is new as well. `previous` while processes of the release before run; the chart and `docker-compose.yml` of a release set `current`.',
  }),
  listenAddress: certain('RAPPORT_LISTEN_ADDRESS', {
    type: ADDRESS,
    default: '127.0.0.1',
    services: EVERY,
    description: 'Address on which HTTP and health are served; `0.0.0.0` in a container.',
  }),
  httpPort: certain('RAPPORT_HTTP_PORT', {
    type: PORT,
    default: '3000',
    services: ['gateway'],
    description: 'The API, and `/health/live` and `/health/ready` for what stands in front of it.',
  }),
  rateLimit: certain('RAPPORT_RATE_LIMIT', {
    type: integer(0, 10_000_000, 'requests a minute'),
    default: '6000',
    services: ['gateway'],
    description:
      'Requests that one address may send in a minute; 0: any number, where something in front limits them.',
  }),
  proxies: certain('RAPPORT_PROXIES', {
    type: integer(0, 10, 'proxies'),
    default: '0',
    services: ['gateway'],
    description:
      'How many proxies a request passes before the gateway, each of which adds to `X-Forwarded-For` whom it was reached by. As many of the last addresses there are passed over, what a client wrote before them is not believed. With 0 all clients of a proxy share one rate limit.',
  }),
  healthPort: certain('RAPPORT_HEALTH_PORT', {
    type: PORT,
    default: '9090',
    services: EVERY,
    description:
      '`/health/live`, `/health/ready`, `/health/followers` and `/metrics`; for the cluster, never routed to the outside.',
  }),
  demo: certain('RAPPORT_DEMO', {
    type: flag,
    default: 'false',
    services: EVERY,
    description: 'Demo sign-in for anybody who reaches the gateway, and demo data. Never outside a laptop.',
  }),
  cacheBytes: certain('RAPPORT_CACHE_BYTES', {
    type: integer(0, 1_099_511_627_776, 'bytes'),
    default: '134217728',
    services: EVERY,
    description:
      'What all caches of a process may hold together; the shares are below. A smaller one changes how fast answers come, never what they are.',
  }),
  logLevel: certain('RAPPORT_LOG_LEVEL', {
    type: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
    default: 'info',
    services: EVERY,
    description: 'The log on standard error, one JSON object a line. Standalone’s default is `warn`.',
  }),
  shutdownGraceMs: certain('RAPPORT_SHUTDOWN_GRACE_MS', {
    type: integer(0, 600_000, 'ms'),
    default: '20000',
    services: EVERY,
    description:
      'After SIGTERM, how long work under way may take before the process ends anyway. The orchestrator must wait longer.',
  }),
} as const;
