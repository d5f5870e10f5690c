import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ViewCollection } from '../viewStore.ts';
import { EmbeddedViewStore } from './embeddedViewStore.ts';

const DOCUMENTS = 20_000;
const QUERIES = 10;

describe('queries that walk through a whole view', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-readers-'));
  let store: EmbeddedViewStore;
  let view: ViewCollection;
  let index = 0;

  beforeAll(async () => {
    store = await EmbeddedViewStore.open(join(folder, 'views.sqlite'));
    view = await store.open({ name: 'view', version: 1, indexes: [{ fields: ['n'] }] });
    const documents = Array.from({ length: DOCUMENTS }, (_, n) => ({
      key: `k${n}`,
      index: index++,
      body: { n, group: n % 7, text: 'x'.repeat(200) },
    }));
    await view.write(documents);
  });

  afterAll(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });

  it.each<[string, () => Promise<unknown>]>([
    ['aggregates', () => view.aggregate({ by: ['group'], measure: ['n'] })],
    ['counts', () => view.count({ group: 3 })],
    [
      'lists in an order without index',
      () => view.find({ sort: { by: 'text', direction: 'asc' }, limit: 5 }),
    ],
    ['lists with a filter without index', () => view.find({ filter: { group: 8 }, limit: 5 })],
  ])('hold up no write: %s', async (_, ask) => {
    const order: string[] = [];
    const asked = Array.from({ length: QUERIES }, () => ask().then(() => order.push('query')));
    await view.write([{ key: 'k1', index: index++, body: { n: -index } }]).then(() => order.push('write'));
    await store.control.park([]);
    // The page is read on the caller's thread: it waits for no query either.
    const first = await view.find({ sort: { by: 'n', direction: 'asc' }, limit: 1 });
    order.push('page');
    expect(first.documents[0]).toMatchObject({ key: 'k1', body: { n: -index } });
    await Promise.all(asked);
    expect(order.indexOf('page')).toBeLessThan(QUERIES);
    expect(order.indexOf('write')).toBeLessThan(order.lastIndexOf('query'));
    expect(order).toHaveLength(QUERIES + 2);
  });

  it('see each write that was answered before they were asked', async () => {
    for (let n = 0; n < 50; n++) {
      await view.write([{ key: 'seen', index: index++, body: { n, group: 100 + n } }]);
      expect(await view.count({ group: 100 + n })).toBe(1);
      expect(await view.aggregate({ by: ['group'], filter: { group: 100 + n }, measure: [] })).toHaveLength(
        1,
      );
    }
  });
});
