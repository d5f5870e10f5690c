import { describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { freshDatabase } from '../testing/mongoServers.ts';
import { MongoViewStore } from './mongoViewStore.ts';
import { pageRanges } from './pageRanges.ts';
import type { StoredDocument } from './storedDocument.ts';
import { prepareIndexes, viewIndexes } from './viewIndexes.ts';

const DEFINITION = {
  name: 'tickets',
  version: 1,
  indexes: [{ fields: ['customerId', 'at'] }, { fields: ['tier.value'] }],
};

describe('the indexes of a view', () => {
  it('hold each declared field between gone and _id', () => {
    expect(viewIndexes(DEFINITION).map(({ key }) => Object.keys(key))).toEqual([
      ['gone', '_id'],
      ['gone', 'body.customerId', 'body.at', '_id'],
      ['gone', 'body.tier.value', '_id'],
    ]);
  });

  it('have distinct names that MongoDB takes, however long the paths are', () => {
    const fields = ['a', 'b'].map((end) => [`${'满意度.'.repeat(20)}${end}`]);
    const names = viewIndexes({ indexes: fields.map((paths) => ({ fields: paths })) }).map(
      ({ name }) => name,
    );
    expect(new Set(names).size).toBe(3);
    expect(names.every((name) => Buffer.byteLength(name) <= 60)).toBe(true);
  });
});

const ferretdb = process.env['RAPPORT_TEST_FERRETDB'];
const mongodb = process.env['RAPPORT_TEST_MONGODB'];

((ferretdb ?? mongodb) ? describe : describe.skip)(
  'the indexes of a view on a server (RAPPORT_TEST_MONGODB or RAPPORT_TEST_FERRETDB)',
  () => {
    it('are there once they are prepared, twice also', async () => {
      const client = new MongoClient((mongodb ?? ferretdb)!);
      const db = client.db(freshDatabase());
      try {
        const documents = db.collection<StoredDocument>('view.tickets.1');
        await prepareIndexes(documents, DEFINITION);
        await prepareIndexes(documents, DEFINITION);
        const keys = (await documents.indexes()).map(({ key }) => Object.keys(key).join());
        expect(keys.toSorted()).toEqual([
          '_id',
          'gone,_id',
          'gone,body.customerId,body.at,_id',
          'gone,body.tier.value,_id',
        ]);
      } finally {
        await db.dropDatabase();
        await client.close();
      }
    });
  },
);

(mongodb === undefined ? describe.skip : describe)(
  'the plans of a real mongod (RAPPORT_TEST_MONGODB)',
  () => {
    it('serve pages, wherever they begin, without a scan of the collection or a sort in memory', async () => {
      const database = freshDatabase();
      const store = await MongoViewStore.open({ url: mongodb!, database });
      try {
        const view = await store.open(DEFINITION);
        await view.write(
          Array.from({ length: 1_000 }, (_, i) => ({
            key: `t${i}`,
            index: i,
            body: { customerId: `c${i % 10}`, at: i, tier: { value: 'ABC'[i % 3]! } },
          })),
        );
        const documents = store.db.collection<StoredDocument>('view.tickets.1');
        const sort = { by: 'at', direction: 'desc' } as const;
        const filter = { customerId: 'c1' };
        const queries = [
          { limit: 10 },
          { limit: 10, after: { value: null, key: 't500' } },
          { limit: 10, filter: { 'tier.value': 'A' } },
          { limit: 10, filter, sort },
          { limit: 10, filter, sort, after: { value: 501, key: 't501' } },
          { limit: 10, filter, sort, after: { value: null, key: 't501' } },
        ];
        for (const range of queries.flatMap(pageRanges)) {
          const plan = await documents
            .find(range.filter, { sort: range.sort, limit: 10 })
            .explain('executionStats');
          const text = JSON.stringify(plan['queryPlanner'].winningPlan);
          expect(text).not.toMatch(/"COLLSCAN"|"SORT"/);
          expect(plan['executionStats'].totalKeysExamined).toBeLessThanOrEqual(40);
        }
      } finally {
        await store.db.dropDatabase();
        await store.close();
      }
    });
  },
);
