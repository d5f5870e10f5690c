import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import type { CustomTransportStrategy } from '@nestjs/microservices';
import { streamName, type ReadEvent } from '@rapport/contracts';
import {
  LEDGER_SUBJECTS,
  LogFollower,
  RemoteLedger,
  RemoteLog,
  type RecordRequest,
} from '@rapport/event-sourcing';
import { ledgerConformance, purchaseYear, type MakeLedger } from '@rapport/event-sourcing/conformance';
import { EmbeddedEventStore, MemoryEventStore, type EventStore } from '@rapport/event-store';
import {
  countingConformance,
  followingConformance,
  readingConformance,
  storeForEachTest,
  uuid,
} from '@rapport/event-store/conformance';
import {
  InProcessTransport,
  NatsLink,
  NatsRequestClient,
  NatsStrategy,
  Unanswered,
  type RequestClient,
} from '@rapport/messaging';
import { NATS_SERVER, NatsServer } from '@rapport/messaging/testing';
import { systemTimers } from '@rapport/platform';
import { unwatched } from '@rapport/platform/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testCaches } from '@rapport/platform/testing';
import { LedgerModule } from '../ledgerModule.ts';
import { ledgerOn, type LedgerOnStore } from '../testing/ledgerOnStore.ts';

const overNats = NATS_SERVER === undefined ? describe.skip : describe;
const WAIT_MS = 200;

async function serve(
  { ledger, logId }: Pick<LedgerOnStore, 'ledger' | 'logId'>,
  store: EventStore,
  strategy: CustomTransportStrategy,
) {
  const caches = testCaches();
  const runtime = { ledger, store, logId, timers: systemTimers, caches, alert: () => undefined };
  const module = LedgerModule.serving(runtime);
  const app = await NestFactory.createMicroservice(module, { strategy, logger: false });
  await app.listen();
  return app;
}

const direct =
  (open: () => Promise<{ store: EventStore; remove?: () => void }>): MakeLedger =>
  async () => {
    const { store, remove } = await open();
    return {
      ...(await ledgerOn(store)),
      closeStore: () => store.close(),
      dispose: async () => {
        await store.close();
        remove?.();
      },
    };
  };

ledgerConformance(
  'the ledger itself, on the memory store',
  direct(async () => ({ store: new MemoryEventStore() })),
);
ledgerConformance(
  'the ledger itself, on the embedded store',
  direct(async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ledger-'));
    return {
      store: await EmbeddedEventStore.open({ directory: join(folder, 'events') }),
      remove: () => rmSync(folder, { recursive: true, force: true }),
    };
  }),
);

/** A ledger in another process, as far as its messages can tell. */
async function inProcess(store: EventStore, wrap: (client: RequestClient) => RequestClient = (same) => same) {
  const served = await ledgerOn(store);
  const transport = new InProcessTransport({ encode: true });
  const app = await serve(served, store, transport.server());
  const ledger = new RemoteLedger(wrap(transport), { waitMs: WAIT_MS });
  return {
    ...served,
    ledger,
    closeStore: () => store.close(),
    dispose: async () => {
      ledger.close();
      await app.close();
      await store.close();
    },
  };
}

ledgerConformance('a remote ledger, in one process', () => inProcess(new MemoryEventStore()));

/** Writes go to the store itself, everything is read through the ledger. */
function readRemotely(store: EventStore, log: RemoteLog): EventStore {
  return {
    append: (writes) => store.append(writes),
    readCategory: (category) => store.readCategory(category),
    close: () => store.close(),
    readStream: (stream, options) => log.readStream(stream, options),
    readAll: (options) => log.readAll(options),
    readCounted: (fromIndex, limit) => log.readCounted(fromIndex, limit),
    follow: (options) => log.follow(options),
    head: async () => {
      const { position, index } = await log.head();
      return { position, index };
    },
  };
}

describe('the log, read remotely', () => {
  const store = storeForEachTest(async () => {
    const memory = new MemoryEventStore();
    const { ledger, dispose } = await inProcess(memory);
    return { store: readRemotely(memory, ledger.log), dispose };
  });
  describe('reading', () => readingConformance(store));
  describe('following', () => followingConformance(store));
  describe('counting', () => countingConformance(store));
});

async function yearOf(
  { assertActor }: Pick<LedgerOnStore, 'assertActor'>,
  stream = streamName('customer', uuid()),
): Promise<RecordRequest> {
  const commandId = uuid();
  return {
    commandId,
    requestHmac: 'hmac',
    actorAssertion: await assertActor(),
    via: 'profiles',
    correlationId: commandId,
    causationId: commandId,
    origin: 'live',
    writes: [{ stream, expectedRevision: -1, events: [purchaseYear(commandId)] }],
  };
}

/** A remote ledger whose next answer to where its log ends is lost; it is asked again when `goOn` says so. */
async function loseNextHead(store: EventStore) {
  let losing = false;
  let goOn = (): void => undefined;
  const going = new Promise<void>((resolve) => (goOn = resolve));
  let told = (): void => undefined;
  const lost = new Promise<void>((resolve) => (told = resolve));
  const served = await inProcess(store, (client) => ({
    async request<Reply>(...asked: Parameters<RequestClient['request']>) {
      if (!losing || asked[0] !== LEDGER_SUBJECTS.head) return client.request<Reply>(...asked);
      losing = false;
      told();
      await going;
      throw new Unanswered('the answer was lost');
    },
  }));
  const { position } = await served.ledger.head();
  losing = true;
  return { ...served, served, position, lost, goOn: () => goOn() };
}

describe('a ledger whose answers get lost', () => {
  it('is asked again, and finds what it recorded', async () => {
    const store = new MemoryEventStore();
    let lost = 0;
    const remote = await inProcess(store, (client) => ({
      async request<Reply>(...asked: Parameters<RequestClient['request']>) {
        const reply = await client.request<Reply>(...asked);
        if (asked[0] !== LEDGER_SUBJECTS.record || lost === 2) return reply;
        lost += 1;
        // Had the clock stood still, the same bytes would have been stored again: no conflict, no repeat.
        remote.clock.moveTo(remote.clock.now() + 1);
        throw new Unanswered('the answer was lost');
      },
    }));
    const request = await yearOf(remote);
    const result = await remote.ledger.record(request);
    const stored = await remote.ledger.readStream(request.writes[0]!.stream, 0);
    expect(stored).toHaveLength(1);
    expect(result).toEqual({ outcome: 'recorded', repeated: true, events: stored });
    expect(lost).toBe(2);
    await remote.dispose();
  });

  it('shows who follows what was recorded before it was asked again where the log ends', async () => {
    const store = new MemoryEventStore();
    const remote = await loseNextHead(store);
    const end = new AbortController();
    const followed = remote.ledger.follow(remote.position, end.signal)[Symbol.asyncIterator]();
    const shown = followed.next();
    await remote.lost;
    const recorded = await remote.ledger.record(await yearOf(remote.served));
    remote.goOn();
    const late = sleep(30_000, 'nothing was shown' as const, { ref: false });
    const [stored] = recorded.outcome === 'recorded' ? recorded.events : [];
    expect(await Promise.race([shown, late])).toMatchObject({ value: [{ id: stored!.id }] });
    end.abort();
    await remote.dispose();
  });

  it('is given up when the time is over, and what it refuses is not asked again', async () => {
    let asked = 0;
    let now = 0;
    const failing = (error: () => Error): RequestClient => ({
      request: async () => {
        asked += 1;
        now += 300;
        throw error();
      },
    });
    const options = {
      deadlineMs: 1_000,
      monotonic: { now: () => now },
      timers: { ...systemTimers, sleep: async (ms: number) => void (now += ms) },
    };
    const silent = new RemoteLedger(
      failing(() => new Unanswered('nobody')),
      options,
    );
    await expect(silent.head()).rejects.toBeInstanceOf(Unanswered);
    expect(now).toBeLessThanOrEqual(1_300);
    expect(asked).toBeGreaterThan(1);
    asked = 0;
    const refusing = new RemoteLedger(
      failing(() => new TypeError('no')),
      options,
    );
    await expect(refusing.head()).rejects.toBeInstanceOf(TypeError);
    expect(asked).toBe(1);
  });
});

describe('what the ledger is asked for', () => {
  it.each([
    ['nothing', {}, '/'],
    ['a command id that is none', { commandId: 'x' }, '/commandId'],
    ['an origin that is none', { origin: 'dream' }, '/origin'],
    ['writes to nowhere', { writes: [] }, '/writes'],
    ['a write without revision', { writes: [{ stream: 'a-b', events: [] }] }, '/writes/0'],
    ['more than is known', { surprise: 1 }, '/'],
  ])('is refused with the place that is wrong: %s', async (_what, change, field) => {
    const store = new MemoryEventStore();
    const transport = new InProcessTransport({ encode: true });
    const served = await ledgerOn(store);
    const app = await serve(served, store, transport.server());
    const message = Object.keys(change).length === 0 ? {} : { ...(await yearOf(served)), ...change };
    await expect(transport.request(LEDGER_SUBJECTS.record, message)).rejects.toMatchObject({
      kind: 'invalid-input',
      details: { errors: [{ field }] },
    });
    await expect(transport.request(LEDGER_SUBJECTS.readAfter, { after: -7 })).rejects.toMatchObject({
      kind: 'invalid-input',
    });
    expect((await store.head()).index).toBe(0);
    await app.close();
  });
});

overNats('over NATS (RAPPORT_TEST_NATS_SERVER)', () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await NatsServer.start();
  });
  afterAll(() => server.stop());

  const ending: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end();
  });

  async function link(service: string): Promise<NatsLink> {
    const opened = new NatsLink({ servers: [server.url], service, tenant: 'main' });
    ending.push(() => opened.close());
    await opened.connected();
    return opened;
  }

  /** Replicas of the ledger on one store, and a client of them. */
  async function replicas(
    count: number,
    storeOf: (shared: MemoryEventStore, replica: NatsLink) => EventStore,
  ) {
    const store = new MemoryEventStore();
    ending.push(() => store.close());
    const served = await ledgerOn(store);
    for (let n = 0; n < count; n += 1) {
      const replica = await link('ledger');
      const own = storeOf(store, replica);
      const app = await serve(
        { ...served, ledger: (await ledgerOn(own, served.clock)).ledger },
        own,
        new NatsStrategy(replica),
      );
      ending.push(() => app.close());
    }
    const ledger = new RemoteLedger(new NatsRequestClient(await link('profiles')), { waitMs: WAIT_MS });
    ending.push(() => ledger.close());
    return { ...served, ledger, store, closeStore: () => store.close(), dispose: async () => undefined };
  }

  ledgerConformance('a remote ledger of two replicas', () => replicas(2, (store) => store));

  describe('the log, read remotely', () => {
    const store = storeForEachTest(async () => {
      const { ledger, store: memory, dispose } = await replicas(2, (shared) => shared);
      return { store: readRemotely(memory, ledger.log), dispose };
    });
    describe('reading', () => readingConformance(store));
    describe('following', () => followingConformance(store));
  });

  it('replicas share the work, and each has its requests beside each other', async () => {
    const atWork = [0, 0];
    const most = [0, 0];
    let opened = 0;
    let open = (): void => undefined;
    const all = new Promise<void>((resolve) => (open = resolve));
    const counted = (shared: MemoryEventStore, n: number): EventStore => ({
      ...bound(shared),
      append: async (writes: Parameters<EventStore['append']>[0]) => {
        atWork[n]! += 1;
        most[n] = Math.max(most[n]!, atWork[n]!);
        opened += 1;
        if (opened === 40) open();
        await all;
        atWork[n]! -= 1;
        return shared.append(writes);
      },
    });
    let made = 0;
    const remote = await replicas(2, (shared) => counted(shared, made++));
    const requests = await Promise.all(Array.from({ length: 40 }, () => yearOf(remote)));
    const results = await Promise.all(requests.map((request) => remote.ledger.record(request)));
    expect(results.every(({ outcome }) => outcome === 'recorded')).toBe(true);
    expect(most[0]! + most[1]!).toBe(40);
    expect(Math.min(...most)).toBeGreaterThan(3);
  });

  it('who follows is shown each event once and in order, though NATS dies and comes back', async () => {
    const own = await NatsServer.start();
    ending.push(() => own.stop());
    const store = new MemoryEventStore();
    const served = await ledgerOn(store);
    const connect = (service: string): NatsLink => {
      const opened = new NatsLink({ servers: [own.url], service, tenant: 'main' });
      ending.push(() => opened.close());
      return opened;
    };
    const app = await serve(served, store, new NatsStrategy(connect('ledger')));
    ending.push(() => app.close());
    const caller = connect('profiles');
    await caller.connected();
    const remote = new RemoteLedger(new NatsRequestClient(caller), { waitMs: WAIT_MS, attemptMs: 200 });
    const seen: string[] = [];
    const reports: unknown[] = [];
    let look = (): void => undefined;
    const observe = (events: readonly ReadEvent[]): void => {
      seen.push(...events.map(({ id }) => id));
      look();
    };
    const follower = new LogFollower(
      remote,
      systemTimers,
      [observe],
      { failed: (error) => void reports.push(error) },
      { followers: unwatched(), kind: 'knowledge', name: 'test' },
    );
    await follower.start();
    ending.push(() => follower.stop());
    ending.push(() => remote.close());
    const shown = (count: number) =>
      new Promise<void>((resolve) => {
        look = () => seen.length >= count && resolve();
        look();
      });
    const record = async (count: number) => {
      for (let n = 0; n < count; n += 1) await served.ledger.record(await yearOf(served));
    };
    await record(5);
    await shown(5);
    await own.kill();
    await record(5);
    await own.start();
    await record(5);
    await shown(15);
    const stored = await store.readCounted(1, 100);
    expect(seen).toEqual(stored.map(({ id }) => id));
    expect(reports.length).toBeGreaterThan(0);
  });

  it('a ledger that is cut off between append and answer: the next one finds it recorded', async () => {
    let cut = false;
    const cutting = (shared: MemoryEventStore, replica: NatsLink): EventStore => ({
      ...bound(shared),
      append: async (writes) => {
        const result = await shared.append(writes);
        if (!cut) {
          cut = true;
          remote.clock.moveTo(remote.clock.now() + 1);
          await (await replica.connected()).close();
        }
        return result;
      },
    });
    const remote = await replicas(2, cutting);
    const quick = new RemoteLedger(new NatsRequestClient(await link('risk')), { attemptMs: 150 });
    const request = await yearOf(remote);
    const result = await quick.record(request);
    const stored = await remote.ledger.readStream(request.writes[0]!.stream, 0);
    expect(cut).toBe(true);
    expect(stored).toHaveLength(1);
    expect(result).toEqual({ outcome: 'recorded', repeated: true, events: stored });
  });
});

function bound(store: MemoryEventStore): Omit<EventStore, 'append'> {
  return {
    readStream: (...args) => store.readStream(...args),
    readAll: (...args) => store.readAll(...args),
    readCounted: (...args) => store.readCounted(...args),
    readCategory: (...args) => store.readCategory(...args),
    follow: (...args) => store.follow(...args),
    head: () => store.head(),
    close: () => store.close(),
  };
}
