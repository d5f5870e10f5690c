import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { SERVICE_NAMES } from '@rapport/platform';
import { until } from '@rapport/platform/testing';
import { describeServices } from './harness/engines.ts';
import { lasts } from './harness/lasts.ts';
import { Stage } from './harness/stage.ts';

/** How long NATS stays away after everybody has noticed: longer than services go on trying (8 s) and the gateway waits (10 s). */
const AWAY_MS = 30_000;

describeServices('NATS gone, under load', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start();
  }, 180_000);

  afterAll(() => stage?.stop());

  it('kill -9, three times, started again at once', async () => {
    const { nats } = stage.deployment;
    const load = stage.load('killed');
    for (let round = 0; round < 3; round += 1) {
      await load.goesOn(40);
      await nats.kill();
      await nats.start();
    }
    await load.goesOn(40);
    await load.end();
    expect(load.client.retried.size).toBeGreaterThan(0);
    await stage.expectAllIsWell();
  }, 150_000);

  it('away for long: 503 with when to come again, not ready but alive; nothing lost, recovery by itself', async () => {
    const load = stage.load('away');
    await load.goesOn(40);
    await stage.deployment.nats.kill();

    await until('nobody is ready', async () => {
      const ready = await Promise.all(SERVICE_NAMES.map((name) => stage.health(name, '/health/ready')));
      return ready.every(({ status }) => status === 503) ? true : undefined;
    });
    const live = await Promise.all(SERVICE_NAMES.map((name) => stage.health(name, '/health/live')));
    expect(live.map(({ status }) => status)).toEqual(SERVICE_NAMES.map(() => 200));
    const refused = await stage.manager.post('/api/customers', { name: '无人接听', kind: 'company' });
    expect(refused).toMatchObject({ status: 503, body: { type: expect.stringMatching(/unavailable/) } });
    expect(refused.retryAfter).toBeGreaterThan(0);
    await lasts(AWAY_MS);

    await stage.deployment.nats.start();
    await load.goesOn(40);
    await load.end();
    expect(load.client.putOff.map(({ status }) => status)).toContain(503);
    expect(load.client.putOff.filter(({ retryAfter }) => retryAfter === undefined)).toEqual([]);
    await stage.expectAllIsWell();
    expect(await stage.alerts('projector', 'projection stopped')).toBe(0);
    expect(stage.deployment.all.filter(({ running }) => !running)).toEqual([]);
  }, 180_000);
});
