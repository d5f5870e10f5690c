import { describe, jest } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { viewStoreConformance } from '../conformance/viewStoreConformance.ts';
import { freshDatabase } from '../testing/mongoServers.ts';
import { MongoViewStore } from './mongoViewStore.ts';

jest.setTimeout(180_000);

const FERRETDB = 'RAPPORT_TEST_FERRETDB';

for (const variable of ['RAPPORT_TEST_MONGODB', FERRETDB]) {
  const url = process.env[variable];
  if (url === undefined) {
    describe.skip(`MongoViewStore: set ${variable} to the URL of a server`, () => {
      viewStoreConformance('MongoViewStore', () => Promise.reject(new Error('not set')));
    });
    continue;
  }
  viewStoreConformance(
    `MongoViewStore on ${variable}`,
    async () => {
      const database = freshDatabase();
      let store = await MongoViewStore.open({ url, database });
      return {
        store,
        async reopen() {
          await store.close();
          store = await MongoViewStore.open({ url, database });
          return store;
        },
        async dispose() {
          await store.close();
          const client = new MongoClient(url);
          await client.db(database).dropDatabase();
          await client.close();
        },
      };
    },
    variable === FERRETDB ? { nestedArrays: 'FerretDB 1.24 refuses them' } : {},
  );
}
