import { afterEach, describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { RemoteLedger } from '@rapport/event-sourcing';
import { MemoryEventStore } from '@rapport/event-store';
import {
  natsAuthorization,
  NatsLink,
  natsPermissions,
  NatsRequestClient,
  NatsStrategy,
} from '@rapport/messaging';
import { NATS_SERVER, NatsServer } from '@rapport/messaging/testing';
import { systemTimers } from '@rapport/platform';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testCaches, until } from '@rapport/platform/testing';
import { LedgerModule } from '../ledgerModule.ts';
import { ledgerOn } from '../testing/ledgerOnStore.ts';

const overNats = NATS_SERVER === undefined ? describe.skip : describe;
const PLACES = { running: 4, waiting: 4 };
const TAKEN = PLACES.running + PLACES.waiting;
/** What subscribers ask for here is held back by the store, which answers services. */
const HELD_INDEX = 1_000_000;

overNats('the places of subscribers, with the users of deploy/nats (RAPPORT_TEST_NATS_SERVER)', () => {
  const ending: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end();
  });

  /** A ledger on a store; links and connections by user. */
  async function ledgerWith(store: MemoryEventStore) {
    const folder = mkdtempSync(join(tmpdir(), 'rapport-places-'));
    ending.push(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'authorization.conf'), natsAuthorization('main'));
    const users = Object.keys(natsPermissions('main'));
    writeFileSync(
      join(folder, 'passwords.conf'),
      users.map((user) => `${user}_password: "of-${user}"\n`).join(''),
    );
    const config = 'include ./authorization.conf\n';
    const server = await NatsServer.start({ folder, jetStream: true, config });
    ending.push(() => server.stop());
    const link = async (user: string): Promise<NatsLink> => {
      const password = () => `of-${user}`;
      const opened = new NatsLink({ servers: [server.url], service: user, tenant: 'main', user, password });
      ending.push(() => opened.close());
      await opened.connected();
      return opened;
    };
    const { ledger, logId } = await ledgerOn(store);
    const module = LedgerModule.serving({
      ledger,
      store,
      logId,
      timers: systemTimers,
      caches: testCaches(),
      alert: () => undefined,
    });
    const strategy = new NatsStrategy(await link('ledger'), { outsideLimits: PLACES });
    const app = await NestFactory.createMicroservice(module, { strategy, logger: false });
    await app.listen();
    ending.push(() => app.close());
    const remote = new RemoteLedger(new NatsRequestClient(await link('projector')), { waitMs: 200 });
    ending.push(() => remote.close());
    const subscriber = await connect({
      servers: server.url,
      user: 'subscriber',
      pass: 'of-subscriber',
      inboxPrefix: '_INBOX.subscriber',
    });
    ending.push(() => subscriber.close());
    return { remote, subscriber };
  }

  /** Asks without end, as far as the ledger lets it. @returns how many were refused so far */
  function ask(subscriber: NatsConnection, verb: string, message: object, times: number): () => number {
    let refused = 0;
    for (let n = 0; n < times; n += 1) {
      void subscriber
        .request(`crm.main.ledger.v1.${verb}`, JSON.stringify(message), { timeout: 60_000 })
        .then(({ headers }) => {
          if (headers?.get('Rapport-Problem') === 'unavailable') refused += 1;
        })
        // Those that wait are cut off when the test is over.
        .catch(() => undefined);
    }
    return () => refused;
  }

  it('are refused beyond their own, while services are answered, waiting or not', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    class HoldingStore extends MemoryEventStore {
      override async readCounted(fromIndex: number, limit: number) {
        if (fromIndex === HELD_INDEX) await held;
        return super.readCounted(fromIndex, limit);
      }
    }
    const store = new HoldingStore();
    ending.push(() => store.close());
    const { remote, subscriber } = await ledgerWith(store);
    ending.push(() => release());
    const times = 1_500;
    const waiting = ask(subscriber, 'read-after', { after: 1e9, waitMs: 20_000 }, times);
    const reading = ask(subscriber, 'read-counted', { fromIndex: HELD_INDEX, limit: 1 }, times);
    const full = () => waiting() === times - TAKEN && reading() === times - TAKEN;
    await until('no place is left to subscribers', full);

    expect((await remote.head()).position).toBe((await store.head()).position);
    expect(await remote.log.readCounted(0, 10)).toHaveLength(1);
    const stop = new AbortController();
    for await (const batch of remote.follow(-1, stop.signal)) {
      expect(batch).toHaveLength(1);
      stop.abort();
    }
    expect(full()).toBe(true);

    // A subscriber is answered again as soon as there is a place.
    release();
    await until('there is a place', async () => {
      const { headers } = await subscriber.request('crm.main.ledger.v1.head', '{}', { timeout: 5_000 });
      return headers?.has('Rapport-Problem') !== true;
    });
  });
});
