import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { LocalDeployment, serviceEnvironment } from '@rapport/local';
import { SERVICE_NAMES, type ServiceName } from '@rapport/platform';
import { createServer, type AddressInfo } from 'node:net';
import { until } from '@rapport/platform/testing';
import { removeFolder, temporaryFolder } from '../harness/rapportProcess.ts';
import { describeServices } from './harness/engines.ts';
import { LonelyService } from './harness/lonelyService.ts';

/** Well below the grace period of 20 s. */
const AT_ONCE_MS = 15_000;

describeServices('a service whose start has to wait, or cannot be', () => {
  const folder = temporaryFolder();
  const begun: LonelyService[] = [];
  let deployment: LocalDeployment;

  const start = (service: ServiceName, changed: Readonly<Record<string, string>> = {}): LonelyService => {
    const env = serviceEnvironment(service, deployment.ports.get(`${service}-1`)!, deployment.places, 0);
    const process_ = new LonelyService(service, { ...env, ...changed });
    begun.push(process_);
    return process_;
  };

  /** Resolves when it waits for what is missing. */
  const waitsFor = (service: LonelyService, missing: string) =>
    until(`waiting for ${missing}`, async () => {
      const readiness = await service.readiness();
      return readiness?.parts[missing] === 'down' && readiness.parts['started'] === 'down'
        ? readiness
        : undefined;
    });

  const endsAtOnce = async (service: LonelyService): Promise<void> => {
    const since = performance.now();
    service.terminate();
    expect(await service.exited).toBe(0);
    expect(performance.now() - since).toBeLessThan(AT_ONCE_MS);
  };

  beforeAll(async () => {
    deployment = await LocalDeployment.prepare({ folder, keys: `embedded:${folder}/keys` });
  });
  afterEach(async () => {
    for (const service of begun) service.kill();
    await Promise.all(begun.splice(0).map(({ exited }) => exited));
  });
  afterAll(async () => {
    await deployment?.stop();
    removeFolder(folder);
  });

  it('says that NATS is away, and for whom that is to mend; SIGTERM ends it at once', async () => {
    for (const name of SERVICE_NAMES.filter((service) => ['gateway', 'risk', 'ledger'].includes(service))) {
      const service = start(name);
      expect(await waitsFor(service, 'nats')).toMatchObject({ status: 503 });
      await until('a word', async () => service.log.includes('RAPPORT_NATS_URL') || undefined);
      expect(service.log).toContain(deployment.places.natsUrl);
      await endsAtOnce(service);
    }
  });

  it('says that the ledger is away; SIGTERM ends it at once', async () => {
    await deployment.nats.start();
    for (const name of ['gateway', 'risk'] as const) {
      const service = start(name);
      expect((await waitsFor(service, 'ledger')).parts).toMatchObject({ nats: 'up' });
      await endsAtOnce(service);
    }
  });

  it('names the user whom NATS refuses, and the file with his password', async () => {
    const service = start('risk', {
      RAPPORT_NATS_PASSWORD_FILE: `${deployment.places.secrets}/gateway.password`,
    });
    await until('a word', async () => service.log.includes('NATS refuses the user risk') || undefined);
    expect(service.log).toContain('RAPPORT_NATS_PASSWORD_FILE');
    await endsAtOnce(service);
  });

  it('ends with 78 where NATS lets its user do nothing: a wrong tenant, a wrong user', async () => {
    const another = {
      RAPPORT_NATS_USER: 'interactions',
      RAPPORT_NATS_PASSWORD_FILE: `${deployment.places.secrets}/interactions.password`,
    };
    for (const changed of [{ RAPPORT_TENANT: 'other' }, another]) {
      const service = start('gateway', changed);
      expect(await service.exited).toBe(78);
      expect(service.log).toMatch(/rapport gateway: NATS does not let the user \w+ .*\n$/);
    }
  });

  it('ends with 69 where a port is taken, and names its setting', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const service = start('risk', { RAPPORT_HEALTH_PORT: String(port) });
    expect(await service.exited).toBe(69);
    expect(service.log).toContain(`port ${port} is taken: stop what listens there`);
    expect(service.log).toContain('RAPPORT_HEALTH_PORT');
    await new Promise((resolve) => taken.close(resolve));
  });

  it('ends with 69 where the keys do not answer, and names their setting', async () => {
    const service = start('ledger', { RAPPORT_KEYS: 'mongodb://127.0.0.1:1/keys' });
    expect(await service.exited).toBe(69);
    expect(service.log).toMatch(/MongoDB at 127\.0\.0\.1:1.* does not answer.*RAPPORT_KEYS/);
  });
});
