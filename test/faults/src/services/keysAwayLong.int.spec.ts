import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ServiceName } from '@rapport/platform';
import { until } from '@rapport/platform/testing';
import { MAY_MOVE_CLOCKS, MovedClock } from '../harness/movedClock.ts';
import { describeServices } from './harness/engines.ts';
import { Stage } from './harness/stage.ts';

const MINUTES = 60_000;
const withClocks = MAY_MOVE_CLOCKS ? it : it.skip;
const SERVICES: readonly ServiceName[] = ['profiles', 'tickets', 'interactions', 'satisfaction', 'projector'];

describeServices('the key store gone for an hour under load', () => {
  let stage: Stage;
  let clock: MovedClock;

  beforeAll(async () => {
    if (!MAY_MOVE_CLOCKS) return;
    stage = await Stage.start((folder) => {
      clock = new MovedClock(folder, 'everybody', 0);
      // Keys alone are in MongoDB, so that only they go away.
      return { keys: undefined, views: `embedded:${folder}/views`, build: () => ({ env: clock.env }) };
    });
  }, 180_000);

  afterAll(() => stage?.stop());

  withClocks(
    'what was cached runs out, what must be sealed is put off, and nothing is lost or parked',
    async () => {
      const load = stage.load('long-keyless');
      await load.goesOn(100);
      const { ferretDb } = stage.deployment;
      await ferretDb.kill();
      // Step by step, as far as caches, keys' lifetimes and retries can see.
      for (let minute = 5; minute <= 60; minute += 5) {
        clock.move(minute * MINUTES);
        const answer = await stage.manager.get('/api/customers?limit=1');
        expect([200, 503]).toContain(answer.status);
      }
      const refused = await until('a refusal', async () => {
        const reply = await stage.manager.post('/api/customers', {
          name: '无钥科技',
          kind: 'company',
          contacts: [{ fullName: '李四' }],
        });
        return reply.status === 201 ? undefined : reply;
      });
      expect(refused).toMatchObject({ status: 503, retryAfter: expect.any(Number) });
      expect(load.client.putOff.length).toBeGreaterThan(0);

      await ferretDb.start();
      await load.goesOn(100);
      await load.end();
      await stage.expectAllIsWell();
      for (const service of SERVICES) {
        expect([service, await stage.alerts(service, 'key parked')]).toEqual([service, 0]);
        expect([service, await stage.alerts(service, 'projection stopped')]).toEqual([service, 0]);
      }
    },
    300_000,
  );
});
