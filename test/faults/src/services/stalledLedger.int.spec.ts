import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { until } from '@rapport/platform/testing';
import type { Reply } from '@rapport/test-checks';
import { describeServices } from './harness/engines.ts';
import { PatientClient } from './harness/patientClient.ts';
import { Stage } from './harness/stage.ts';

/** More than a service works on at once: the others wait for their turn. */
const FLOOD = 400;

describeServices('a ledger that stands still while commands flood in', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.start();
  }, 180_000);
  afterAll(() => stage?.stop());

  it('has what waits told and bounded, all told to come again, and loses and doubles nothing', async () => {
    const names = Array.from({ length: FLOOD }, (_, n) => `洪水${n}`);
    const key = (name: string): string => `flood-${names.indexOf(name)}`;
    const body = (name: string): object => ({ name, kind: 'company' });
    const ledger = stage.deployment.service('ledger');
    const load = stage.load('desk');
    await load.goesOn(40);
    await ledger.pause();
    const replies = Promise.all(
      names.map((name) => stage.manager.post('/api/customers', body(name), key(name))),
    );
    const waiting = (metric: string): Promise<number> =>
      stage.metric('profiles', `${metric}{place="requests"`);
    await until('commands wait for their turn', async () =>
      (await waiting('rapport_waiting')) > 0 ? true : undefined,
    );
    expect(await waiting('rapport_waiting')).toBeLessThanOrEqual(await waiting('rapport_waiting_limit'));
    expect(await stage.metric('gateway', 'rapport_waiting{place="http"')).toBeGreaterThan(0);
    for (const { status, retryAfter } of (await replies) as readonly Reply[]) {
      expect([status, retryAfter]).toEqual([503, 1]);
    }
    ledger.resume();

    const client = new PatientClient(stage.manager);
    for (const reply of await Promise.all(
      names.map((name) => client.post('/api/customers', body(name), key(name))),
    )) {
      expect(reply.status).toBe(201);
    }
    const registered = (await stage.auditor.log())
      .filter(({ type }) => type === 'crm.profiles.CustomerRegistered')
      .map(({ data }) => String(data['name']))
      .filter((name) => name.startsWith('洪水'));
    expect(registered.sort()).toEqual([...names].sort());
    expect(await waiting('rapport_waiting')).toBe(0);
    await load.goesOn(40);
    await load.end();
    await stage.expectAllIsWell();
  }, 240_000);
});
