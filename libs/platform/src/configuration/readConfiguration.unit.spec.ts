import { describe, expect, it } from '@jest/globals';
import { ConfigurationError } from './configurationError.ts';
import { readConfiguration } from './readConfiguration.ts';
import { SERVICE_NAMES, type ServiceName } from './serviceName.ts';
import type { Setting } from './setting.ts';
import { SETTINGS } from './settings.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const PUBLIC = { kty: 'OKP', crv: 'Ed25519', kid: 'gateway-1', x: 'public-part' };
const FILES: Record<string, string> = {
  '/s/nats': 'hunter2\n',
  '/s/master': `${KEY}\n`,
  '/s/sign': JSON.stringify({ ...PUBLIC, d: 'private-part' }),
  '/s/verify': JSON.stringify({ keys: [PUBLIC] }),
  '/s/keys-url': 'mongodb://keys:hunter2@mongo/keys\n',
};
const ENV = {
  RAPPORT_NATS_URL: 'nats://a:4222, nats://b:4222',
  RAPPORT_NATS_USER: 'ledger',
  RAPPORT_NATS_PASSWORD_FILE: '/s/nats',
  RAPPORT_EVENT_STORE: 'esdb://admin:hunter2@kurrent:2113?tls=false',
  RAPPORT_VIEWS: 'mongodb://a:27017,b:27017/views?replicaSet=rs0',
  RAPPORT_KEYS: 'mongodb://keys:hunter2@mongo/keys',
  RAPPORT_MASTER_KEY_FILE: '/s/master',
  RAPPORT_ASSERTION_KEY_FILE: '/s/sign',
  RAPPORT_ASSERTION_KEYS_FILE: '/s/verify',
  RAPPORT_ACTOR_SECRET_FILE: '/s/master',
  RAPPORT_DEMO: 'true',
};

function readFile(path: string): string {
  const content = FILES[path];
  if (content === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
  return content;
}

function read<Service extends ServiceName>(service: Service, env: Record<string, string>) {
  return readConfiguration(service, env, readFile);
}

function complaints(service: ServiceName, env: Record<string, string>): readonly string[] {
  try {
    read(service, env);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.complaints;
    throw error;
  }
  return [];
}

describe('readConfiguration', () => {
  it('gives the ledger typed values, defaults included, frozen', () => {
    const configuration = read('ledger', ENV);
    expect(configuration).toMatchObject({
      tenant: 'main',
      natsUrls: ['nats://a:4222', 'nats://b:4222'],
      natsPassword: 'hunter2',
      eventStore: { kind: 'server', url: 'esdb://admin:hunter2@kurrent:2113?tls=false' },
      masterKey: new Uint8Array(32).fill(7),
      assertionKeys: [PUBLIC],
      healthPort: 9090,
      shutdownGraceMs: 20_000,
      demo: true,
    });
    const replicas: number = configuration.factsReplicas;
    expect(replicas).toBe(1);
    expect(Object.isFrozen(configuration)).toBe(true);
    // @ts-expect-error the ledger has no views
    expect(configuration.views).toBeUndefined();
  });

  it('takes a store in a folder, and then needs no master key', () => {
    const { RAPPORT_MASTER_KEY_FILE: _, ...env } = ENV;
    const configuration = read('profiles', { ...env, RAPPORT_KEYS: 'embedded:/data/keys' });
    expect(configuration.keys).toEqual({ kind: 'embedded', folder: '/data/keys' });
    expect(configuration.masterKey).toBeUndefined();
    expect(complaints('profiles', env)).toEqual([
      'RAPPORT_MASTER_KEY_FILE is needed by profiles when RAPPORT_KEYS is a server: name a file that holds 32 bytes in base64',
    ]);
  });

  it('takes a secret from a file instead', () => {
    const { RAPPORT_KEYS: _, ...env } = ENV;
    expect(read('risk', { ...env, RAPPORT_KEYS_FILE: '/s/keys-url' }).keys).toEqual({
      kind: 'server',
      url: 'mongodb://keys:hunter2@mongo/keys',
    });
    expect(complaints('risk', { ...ENV, RAPPORT_KEYS_FILE: '/s/keys-url' })).toEqual([
      'RAPPORT_KEYS and RAPPORT_KEYS_FILE are both set: unset one of them',
    ]);
  });

  it('refuses what it does not know, but for tests and tools, and tells everything at once', () => {
    expect(
      complaints('gateway', {
        ...ENV,
        RAPPORT_TEST_NATS_SERVER: '/x',
        RAPPORT_ENGINES: '/x',
        RAPPORT_NATS_URLS: 'nats://a',
        RAPPORT_HTTP_PORT: '3000 ',
        RAPPORT_DEMO: 'yes',
      }),
    ).toEqual([
      'RAPPORT_NATS_URLS is no setting of Rapport: correct the name or unset it (docs/configuration.md)',
      expect.stringMatching(
        /^RAPPORT_OIDC_ISSUER is needed by gateway unless RAPPORT_DEMO is true: set it to /,
      ),
      expect.stringMatching(/^RAPPORT_OIDC_AUDIENCE is needed/),
      expect.stringMatching(/^RAPPORT_OIDC_JWKS_URL is needed/),
      'RAPPORT_HTTP_PORT must be a whole number from 0 to 65535 (0: any free one), digits only',
      'RAPPORT_DEMO must be true or false',
    ]);
  });

  it('counts an empty variable as one that is not set', () => {
    expect(read('gateway', { ...ENV, RAPPORT_TENANT: '' }).tenant).toBe('main');
    expect(complaints('gateway', { ...ENV, RAPPORT_NATS_URL: '' })).toHaveLength(1);
  });

  it('says which file cannot be read, and that public keys must be public', () => {
    expect(complaints('ledger', { ...ENV, RAPPORT_NATS_PASSWORD_FILE: '/s/none' })).toEqual([
      'RAPPORT_NATS_PASSWORD_FILE names a file that cannot be read (ENOENT): mount it, readable by this user',
    ]);
    FILES['/s/leaked'] = JSON.stringify({ keys: [{ ...PUBLIC, d: 'private-part' }] });
    expect(complaints('ledger', { ...ENV, RAPPORT_ASSERTION_KEYS_FILE: '/s/leaked' })).toEqual([
      'RAPPORT_ASSERTION_KEYS_FILE holds a private key: give public keys only, without d',
    ]);
  });

  it.each(SERVICE_NAMES)('never tells a value when nothing of %s fits', (service) => {
    const wrong = 'hunter2\nhunter2';
    const env = Object.fromEntries(Object.values<Setting>(SETTINGS).map(({ name }) => [name, wrong]));
    const told = (() => {
      try {
        readConfiguration(service, env, () => wrong);
      } catch (error) {
        return String(error);
      }
      return '';
    })();
    expect(told).toContain('RAPPORT_NATS_PASSWORD_FILE must be one line that is not empty');
    expect(told).not.toContain('hunter2');
  });

  it.each(SERVICE_NAMES)('%s needs nothing that the table does not give it', (service) => {
    const names = Object.values<Setting>(SETTINGS)
      .filter(({ services }) => services.includes(service))
      .map(({ name }) => name);
    const env = Object.fromEntries(Object.entries(ENV).filter(([name]) => names.includes(name)));
    expect(complaints(service, env)).toEqual([]);
  });
});
