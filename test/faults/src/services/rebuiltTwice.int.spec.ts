import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { until } from '@rapport/platform/testing';
import { describeServices } from './harness/engines.ts';
import { Stage } from './harness/stage.ts';

/** Each replica looks once a second; the machine may be busy. */
const FOLLOWS_MS = 30_000;
const CUSTOMERS = 12;
/** Answers in a row, so that no replica is left out: NATS chooses one for each. */
const IN_A_ROW = 30;

describeServices('a view that is rebuilt and switched while two projectors answer from it', () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await Stage.start(() => ({ replicas: { projector: 2 } }));
  }, 180_000);

  afterAll(() => stage?.stop());

  /** Puts another name into the version that answers now, as only a rebuild repairs it. */
  async function spoil(id: string): Promise<void> {
    const client = new MongoClient(stage.deployment.places.views);
    try {
      const views = client.db();
      const live = await views
        .collection<{ _id: string; version: number }>('live')
        .findOne({ _id: 'customers' });
      const documents = views.collection<{ _id: string }>(`view.customers.${live!.version}`);
      const { matchedCount } = await documents.updateMany({ _id: id }, { $set: { 'body.name': '坏了' } });
      expect(matchedCount).toBe(1);
    } finally {
      await client.close();
    }
  }

  async function namesInARow(id: string): Promise<readonly unknown[]> {
    const names = new Set<unknown>();
    for (let n = 0; n < IN_A_ROW; n += 1) {
      names.add((await stage.manager.get(`/api/customers/${id}`)).body['name']);
    }
    return [...names];
  }

  it('is there for every reader all the while, and both answer from the new version soon', async () => {
    const { manager, administrator } = stage;
    const ids: string[] = [];
    let position = '';
    for (let n = 0; n < CUSTOMERS; n += 1) {
      const { status, body } = await manager.post('/api/customers', { name: `远见${n}`, kind: 'company' });
      expect(status).toBe(201);
      ids.push(String(body['id']));
      position = String(body['position']);
    }
    await until('views', async () =>
      (await manager.get(`/api/customers?limit=1&after=${position}`)).stale ? undefined : true,
    );

    const wrong: unknown[] = [];
    let asked = 0;
    let reading = true;
    const reader = (async () => {
      for (; reading; asked += 1) {
        const one = await manager.get(`/api/customers/${ids[asked % CUSTOMERS]}`);
        if (one.status !== 200) wrong.push(one);
        const all = await manager.get<{ items: unknown[] }>('/api/customers?limit=50');
        if (all.status !== 200 || all.body.items.length !== CUSTOMERS) wrong.push(all);
      }
    })();

    for (let round = 1; round <= 2; round += 1) {
      await spoil(ids[0]!);
      expect(await namesInARow(ids[0]!)).toEqual(['坏了']);
      const { status, body } = await administrator.post('/api/projections/customers/rebuild', {});
      expect(status).toBe(200);
      const version = Number(body['version']);
      for (let n = 0; n < 6; n += 1) {
        expect((await administrator.get('/api/projections/customers/comparison')).status).toBe(200);
      }
      const switched = await administrator.post('/api/projections/customers/switch', { version });
      expect(switched).toMatchObject({ status: 200, body: { version } });
      await until(
        'both answer from the new version',
        async () => ((await namesInARow(ids[0]!)).join() === '远见0' ? true : undefined),
        FOLLOWS_MS,
      );
    }
    const before = asked;
    await until('more readers', () => (asked > before + 20 ? true : undefined));
    reading = false;
    await reader;
    expect(wrong).toEqual([]);
    for (const replica of [1, 2]) {
      expect(await stage.alerts('projector', 'versions of views cannot be followed', replica)).toBe(0);
    }
  });
});
