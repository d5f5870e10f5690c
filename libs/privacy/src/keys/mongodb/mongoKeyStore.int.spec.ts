import { createServer, type Server, type Socket } from 'node:net';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { systemRandom } from '@rapport/platform';
import { MongoClient } from 'mongodb';
import { keyStoreConformance } from '../conformance/keyStoreConformance.ts';
import { MongoKeyStore, type MongoKeyStoreOptions } from './mongoKeyStore.ts';

const ada = { kind: 'person', id: 'p-ada' } as const;
let used = 0;

for (const variable of ['RAPPORT_TEST_MONGODB', 'RAPPORT_TEST_FERRETDB']) {
  const url = process.env[variable];
  const which = url === undefined ? describe.skip : describe;
  which(url === undefined ? `set ${variable} to the URL of a server` : `on ${variable}`, () => {
    let database: string;
    const masterKey = systemRandom.bytes(32);
    const fresh = (): void => {
      database = `keys-${process.pid}-${process.hrtime.bigint().toString(36)}-${++used}`;
    };
    const open = (options: Partial<MongoKeyStoreOptions> = {}) =>
      MongoKeyStore.open({ url: url!, database, masterKey, mustExist: false, ...options });
    const drop = async (): Promise<void> => {
      const client = new MongoClient(url!);
      await client.db(database).dropDatabase();
      await client.close();
    };

    keyStoreConformance('MongoKeyStore', {
      open: () => {
        fresh();
        return open();
      },
      dispose: drop,
    });

    describe('MongoKeyStore', () => {
      beforeEach(fresh);
      afterEach(drop);

      it('keeps keys, tombstones, secrets and the log for the next process', async () => {
        const first = await open();
        const made = await first.create(ada, 'main');
        await first.destroy({ kind: 'person', id: 'gone' }, 'main');
        const secret = await first.secret('cursor', 'main');
        await first.bindTo('log-1');
        await first.close();
        const second = await open({ mustExist: true });
        expect(await second.keyFor(ada, 'main')).toEqual(made);
        expect((await second.create({ kind: 'person', id: 'gone' }, 'main')).status).toBe('destroyed');
        expect(await second.secret('cursor', 'main')).toEqual(secret);
        expect(await second.boundLog()).toBe('log-1');
        await second.close();
      });

      it('gives one owner one key in two processes at once', async () => {
        const stores = await Promise.all([open(), open()]);
        const made = await Promise.all(stores.map((store) => store.create(ada, 'main')));
        expect(made[0]).toMatchObject({ status: 'key' });
        expect(made[1]).toEqual(made[0]);
        await Promise.all(stores.map((store) => store.close()));
      });

      it('lets no key survive when one process creates it while another destroys it', async () => {
        const stores = await Promise.all([open(), open()]);
        for (let n = 0; n < 20; n++) {
          const owner = { kind: 'person', id: `p-${n}` } as const;
          await Promise.all([stores[0].create(owner, 'main'), stores[1].destroy(owner, 'main')]);
          expect((await stores[0].keyFor(owner, 'main')).status).toBe('destroyed');
        }
        await Promise.all(stores.map((store) => store.close()));
      });

      it('refuses another master key at open, names the setting, and changes nothing', async () => {
        const store = await open();
        const made = await store.create(ada, 'main');
        await store.close();
        await expect(open({ masterKey: systemRandom.bytes(32) })).rejects.toMatchObject({
          failure: 'foreign',
          message: expect.stringMatching(/RAPPORT_MASTER_KEY_FILE.*Nothing was changed/),
        });
        const again = await open();
        expect(await again.keyFor(ada, 'main')).toEqual(made);
        await again.close();
      });

      it('refuses an empty database beside a log with events', async () => {
        await expect(open({ mustExist: true })).rejects.toMatchObject({ failure: 'missing' });
      });

      it('stores no key in clear, and nothing of one that is destroyed', async () => {
        const store = await open();
        const made = await store.create(ada, 'main');
        if (made.status !== 'key') throw new Error(made.status);
        const client = new MongoClient(url!);
        const stored = () =>
          client.db(database).collection<{ _id: string }>('keys').findOne({ _id: made.kid });
        const wrapped = ((await stored()) as unknown as { wrapped: { buffer: Buffer } }).wrapped.buffer;
        expect(wrapped.includes(made.key.export())).toBe(false);
        await store.destroy(ada, 'main');
        expect(await stored()).toEqual({ _id: made.kid, destroyed: true });
        await client.close();
        await store.close();
      });

      it('answers nothing for a key that was put in the place of another', async () => {
        const store = await open();
        const [one, two] = [
          await store.create(ada, 'main'),
          await store.create({ ...ada, id: 'p-2' }, 'main'),
        ];
        if (one.status !== 'key' || two.status !== 'key') throw new Error('no keys');
        const client = new MongoClient(url!);
        const keys = client.db(database).collection<{ _id: string; wrapped: unknown }>('keys');
        const other = (await keys.findOne({ _id: two.kid }))!;
        await keys.updateOne({ _id: one.kid }, { $set: { wrapped: other.wrapped } });
        expect(await store.byKid(one.kid)).toMatchObject({
          status: 'unavailable',
          cause: { failure: 'damaged' },
        });
        await client.close();
        await store.close();
      });

      it('says unavailable in time while the server does not answer, and answers again afterwards', async () => {
        const line = await Line.to(new URL(url!.replace('mongodb:', 'http:')));
        const store = await open({ url: line.url, timeout: 500 });
        const made = await store.create(ada, 'main');
        line.pause();
        expect((await store.keyFor(ada, 'main')).status).toBe('unavailable');
        expect((await store.create({ ...ada, id: 'p-3' }, 'main')).status).toBe('unavailable');
        await expect(store.destroy(ada, 'main')).rejects.toMatchObject({ failure: 'unavailable' });
        line.resume();
        let answer = await store.byKid('main/person/p-ada/1');
        for (let n = 0; n < 50 && answer.status === 'unavailable'; n++) {
          answer = await store.byKid('main/person/p-ada/1');
        }
        // The destruction that was not answered in time may have happened, or may not.
        expect(answer.status === 'destroyed' ? made : answer).toEqual(made);
        await store.close();
        await line.close();
      });
    });
  });
}

/** A line to the server that can fall silent, as to one that is frozen: what is sent stays on it until it resumes. */
class Line {
  private silent = false;
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  static async to(target: URL): Promise<Line> {
    const server = createServer();
    const line = new Line(server, target);
    server.on('connection', (near) => {
      const far = connect(Number(target.port), target.hostname);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        line.sockets.add(from);
        from.on('data', (bytes) => to.write(bytes));
        if (line.silent) from.pause();
        from.on('error', () => to.destroy());
        from.on('close', () => to.destroy());
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return line;
  }

  get url(): string {
    const { port } = this.server.address() as { port: number };
    const url = new URL(this.target);
    url.host = `127.0.0.1:${port}`;
    url.searchParams.set('directConnection', 'true');
    return url.href.replace('http:', 'mongodb:');
  }

  pause(): void {
    this.silent = true;
    for (const socket of this.sockets) socket.pause();
  }

  resume(): void {
    this.silent = false;
    for (const socket of this.sockets) socket.resume();
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
