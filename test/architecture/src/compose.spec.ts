import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { DECIDING_SERVICES, readConfiguration, SERVICE_NAMES, type ServiceName } from '@rapport/platform';
import { parse } from 'yaml';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

interface ComposeService {
  readonly image: string;
  readonly build?: { readonly dockerfile: string };
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly ports?: readonly string[];
  readonly volumes: readonly string[];
  readonly networks?: readonly string[];
  readonly stop_grace_period?: string;
}

const { services, volumes, networks } = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), {
  merge: true,
}) as {
  services: Readonly<Record<string, ComposeService>>;
  volumes: object;
  networks: object;
};
const of = (name: string): ComposeService => services[name]!;

/** What runs once and ends, before others begin. */
const ENDING: readonly string[] = ['secrets', 'demo'];

/** The secrets that `secrets` makes in compose, really made. */
const folder = mkdtempSync(join(tmpdir(), 'rapport-compose-'));
const made = spawnSync(process.execPath, [join(ROOT, 'deploy/docker/makeSecrets.mjs'), folder], {
  encoding: 'utf8',
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const readSecret = (path: string): string => readFileSync(path.replace(/^\/secrets\//, `${folder}/`), 'utf8');

describe('docker-compose.yml', () => {
  it('makes its secrets', () => {
    expect({ status: made.status, stderr: made.stderr }).toEqual({ status: 0, stderr: '' });
    expect(of('secrets').command).toEqual(['secrets', '/secrets']);
    expect(of('secrets').volumes).toEqual(['secrets:/secrets']);
  });

  it.each(SERVICE_NAMES)('%s starts from the one image and can read its configuration', (name) => {
    const { image, build, command, environment } = of(name);
    expect([image, build?.dockerfile, command]).toEqual([
      'rapport:local',
      'deploy/docker/Dockerfile',
      [name],
    ]);
    const configuration = readConfiguration<ServiceName>(name, environment!, readSecret);
    expect(configuration).toMatchObject({ demo: true, natsUser: name, natsUrls: ['nats://nats:4222'] });
  });

  it.each(SERVICE_NAMES)('%s sets no variable that it would not read', (name) => {
    // Each of them is left out in turn: something must change, or it is not read.
    const environment = of(name).environment!;
    const outcome = (env: Readonly<Record<string, string>>): string => {
      try {
        return JSON.stringify(readConfiguration<ServiceName>(name, env, readSecret));
      } catch (error) {
        return String(error);
      }
    };
    const settled = new Set([
      'RAPPORT_TENANT',
      'RAPPORT_LOG_LEVEL',
      'RAPPORT_SHUTDOWN_GRACE_MS',
      'RAPPORT_HTTP_PORT',
    ]);
    for (const variable of Object.keys(environment).filter((one) => !settled.has(one))) {
      const { [variable]: _, ...rest } = environment;
      expect([variable, outcome(rest) === outcome(environment)]).toEqual([variable, false]);
    }
  });

  it('the public keys of the ledger are those that the others sign with', () => {
    const { assertionKeys } = readConfiguration('ledger', of('ledger').environment!, readSecret);
    for (const name of ['gateway', ...DECIDING_SERVICES, 'imports'] as const) {
      const { assertionKey } = readConfiguration(name, of(name).environment!, readSecret);
      expect(assertionKeys.map(({ x }) => x)).toContain(assertionKey.x);
    }
  });

  it('the demo is lived before the ledger starts, with the ledger’s settings', () => {
    expect(of('demo')).toMatchObject({ command: ['demo'], environment: of('ledger').environment });
    expect(of('ledger').depends_on).toHaveProperty('demo');
  });

  it('everything that is waited for says when it is there', () => {
    for (const [name, { depends_on = {} }] of Object.entries(services)) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const expected = ENDING.includes(other) ? 'service_completed_successfully' : 'service_healthy';
        expect([name, other, condition]).toEqual([name, other, expected]);
        expect([other, ENDING.includes(other) || of(other).healthcheck !== undefined]).toEqual([other, true]);
      }
    }
  });

  it('a service waits for every server that it connects to', () => {
    for (const name of SERVICE_NAMES) {
      const { environment, depends_on } = of(name);
      const servers = Object.keys(services).filter((server) =>
        Object.values(environment!).some((value) => value.includes(`//${server}:`)),
      );
      expect(Object.keys(depends_on!)).toEqual(expect.arrayContaining([...servers, 'secrets']));
    }
  });

  it('publishes the gateway alone, on loopback; engines are on the inside network only', () => {
    const published = Object.entries(services).filter(([, { ports }]) => ports !== undefined);
    expect(published.map(([name, { ports }]) => [name, ports])).toEqual([
      ['gateway', ['127.0.0.1:3000:3000']],
    ]);
    for (const engine of ['kurrentdb', 'nats', 'mongodb']) expect(of(engine).networks).toEqual(['inside']);
    expect(networks).toMatchObject({ inside: { internal: true } });
  });

  it('has every volume and file that it mounts, and gives processes time to stop', () => {
    for (const { volumes: mounts, stop_grace_period, environment } of Object.values(services)) {
      for (const mount of mounts) {
        const source = mount.split(':')[0]!;
        expect([source, source.startsWith('.') ? existsSync(join(ROOT, source)) : source in volumes]).toEqual(
          [source, true],
        );
      }
      const grace = environment?.['RAPPORT_SHUTDOWN_GRACE_MS'];
      if (grace !== undefined)
        expect(parseInt(stop_grace_period!, 10) * 1000).toBeGreaterThanOrEqual(Number(grace) + 5_000);
    }
  });

  it('names every image with a version', () => {
    for (const { image } of Object.values(services)) expect(image).toMatch(/:(local|\d+\.\d+)/);
  });
});
