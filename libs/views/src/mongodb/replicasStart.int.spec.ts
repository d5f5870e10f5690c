import { describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { freshDatabase } from '../testing/mongoServers.ts';
import { MongoViewStore } from './mongoViewStore.ts';

const ROUNDS = 20;

describe.each(['RAPPORT_TEST_MONGODB', 'RAPPORT_TEST_FERRETDB'])(
  'replicas of a projector on %s',
  (variable) => {
    const url = process.env[variable];
    const test = url === undefined ? it.skip : it;

    test('open and switch to the same versions at the same time, as they do at their first start', async () => {
      const databases: string[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const database = freshDatabase();
        databases.push(database);
        const open = () => MongoViewStore.open({ url: url!, database });
        const replicas = await Promise.all([open(), open(), open()]);
        await Promise.all(
          replicas.map(async (views) => {
            for (const name of ['tiers', 'tickets', 'timeline']) {
              await views.open({ name, version: 1, indexes: [{ fields: ['n'] }] });
              await views.switchTo(name, 1);
            }
          }),
        );
        expect(await replicas[0].versions('tickets')).toEqual({ live: 1, all: [1] });
        await Promise.all(replicas.map((views) => views.close()));
      }
      const client = new MongoClient(url!);
      for (const database of databases) await client.db(database).dropDatabase();
      await client.close();
    });
  },
);
