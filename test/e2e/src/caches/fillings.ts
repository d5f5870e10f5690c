import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import {
  canonicalBytes,
  decodeEvent,
  profileEvents,
  streamName,
  ticketEvents,
  type JsonValue,
  type RecordedEvent,
} from '@rapport/contracts';
import {
  CustomerDirectory,
  foldedStreamBytes,
  StreamCache,
  type FoldedStream,
  type Ledger,
} from '@rapport/event-sourcing';
import { SharedTail, type EventStore, type StoredEvent } from '@rapport/event-store';
import { StreamHeads } from '@rapport/event-store/testing';
import { ActorAssertions } from '@rapport/messaging';
import { systemMonotonicClock, systemTimers, type CacheBudget, type CacheName } from '@rapport/platform';
import { CachedKeyStore, type KeyStore } from '@rapport/privacy';
import { DemoSignIn } from '@rapport/service-gateway';
import { SharedLog, type DocumentBody } from '@rapport/views';
import { DocumentCache } from '@rapport/views/testing';
import { generateKeyPair } from 'jose';
import { type Filled } from '@rapport/platform/testing';

/** Fills a cache with what it holds in the product; the estimate is the budget's where none is given. */
type Filling = (caches: CacheBudget) => Promise<Omit<Filled, 'estimated'> & { readonly estimated?: number }>;

/** By resident memory, 400,000 of them: 385 bytes each, of which the heap knows 104. */
const KEY_OBJECT_OUTSIDE = 281;

/** Pages of SQLite lie outside the heap, and SQLite counts them. */
type OnHeap = Exclude<CacheName, 'eventPages' | 'viewPages'>;

export const FILLINGS: Readonly<Record<OnHeap, Filling>> = {
  async foldedStreams(caches) {
    const cache = new StreamCache(
      ledgerOf(ticketEventsOf),
      {
        initial: {},
        evolve: (_ticket, { data, revision }) => ({ ...(data as object), revision, answered: new Set() }),
      },
      caches.shelf<FoldedStream<object>>('foldedStreams', foldedStreamBytes),
    );
    for (let n = 0; n < 6_000; n += 1) await cache.refresh(streamName('ticket', randomUUID()));
    return { held: cache };
  },

  async followedStreams(caches) {
    const directory = new CustomerDirectory(ledgerOf(customerEventsOf), caches, () => undefined);
    for (let n = 0; n < 8_000; n += 1) await directory.require(randomUUID());
    return { held: directory };
  },

  async documents(caches) {
    const documents = new DocumentCache(caches.part('documents'), 'what fits');
    for (let n = 0; n < 8_000; n += 1) {
      const key = randomUUID();
      const body = JSON.parse(JSON.stringify(documentOf(n))) as DocumentBody;
      documents.add(key, { key, index: n, body }, undefined);
    }
    return { held: documents };
  },

  async logWindows(caches) {
    const events = Array.from({ length: 10_000 }, (_, n) => storedEvent(n));
    const store = storeOf(events.splice(0));
    const log = new SharedLog(store, 'log', systemTimers, { caches, window: 20_000 });
    const following = log.follow(-1, new AbortController().signal, new Set([ticketEvents.TicketOpened.type]));
    const follower = following[Symbol.asyncIterator]();
    for (let seen = 0; seen < 10_000;) seen += ((await follower.next()).value as unknown[]).length;
    return { held: [log, follower] };
  },

  async recentEvents(caches) {
    const events = Array.from({ length: 8_000 }, (_, n) => storedEvent(n));
    const tail = new SharedTail(storeOf(events), async () => [], caches.part('recentEvents'));
    const following = tail.follow({ after: -1, signal: new AbortController().signal });
    const follower = following[Symbol.asyncIterator]();
    for (let seen = 0; seen < 8_000;) {
      const batch = (await follower.next()).value as readonly StoredEvent[];
      batch.forEach((event) => Object.assign(event.data, { decoded: decodeEvent(event) }));
      seen += batch.length;
    }
    return { held: [tail, follower] };
  },

  async streamHeads() {
    const heads = new StreamHeads(1024 ** 3);
    for (let n = 0; n < 60_000; n += 1) heads.set(streamName('ticket', randomUUID()), n % 7);
    return { held: heads, estimated: heads.bytes };
  },

  async keys(caches) {
    const answer = (kid: string) => ({ status: 'key' as const, kid, key: createSecretKey(randomBytes(32)) });
    const store = { byKid: answer, keyFor: ({ id }: { id: string }) => answer(`main/person/${id}/1`) };
    const keys = new CachedKeyStore(store as unknown as KeyStore, systemMonotonicClock, caches);
    for (let n = 0; n < 20_000; n += 1) keys.keyFor({ kind: 'person', id: randomUUID() }, 'main');
    return { held: keys, outside: 20_000 * KEY_OBJECT_OUTSIDE };
  },

  async assertions(caches) {
    const pair = await generateKeyPair('EdDSA');
    const actors = new ActorAssertions({ sign: pair.privateKey, verify: pair.publicKey }, caches);
    for (let n = 0; n < 5_000; n += 1) {
      await actors.verify(await actors.assert({ id: randomUUID(), roles: ['manager', 'auditor'] }));
    }
    return { held: actors };
  },

  async tokens(caches) {
    let now = 1_790_000_000_000;
    const signIn = new DemoSignIn({ key: new Uint8Array(32) }, caches, { now: () => (now += 1_000) });
    for (let n = 0; n < 6_000; n += 1) await signIn.authenticate((await signIn.signIn('manager')).token);
    return { held: signIn };
  },
};

function ledgerOf(eventsOf: (stream: string) => readonly StoredEvent[]): Ledger {
  return { readStream: async (stream: string) => eventsOf(stream).map(decodeEvent) } as unknown as Ledger;
}

const text = '您好，我们已经收到您反映的第 7 号问题，工程师正在排查导出服务的日志。';
const sealed = (owner: string) => ({
  v: 1,
  alg: 'A256GCM',
  kid: `main/person/${owner}/1`,
  nonce: 'AAAAAAAAAAAAAAAA',
  ct: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
});

function ticketEventsOf(stream: string): readonly StoredEvent[] {
  return Array.from({ length: 4 }, (_, revision) => storedEvent(revision, stream));
}

function customerEventsOf(stream: string): readonly StoredEvent[] {
  const customerId = stream.slice('customer-'.length);
  return [
    storedEvent(0, stream, profileEvents.CustomerRegistered.type, {
      customerId,
      kind: 'company',
      name: text,
    }),
    ...Array.from({ length: 5 }, (_, n) =>
      storedEvent(n + 1, stream, profileEvents.ContactAdded.type, { customerId, contactId: randomUUID() }),
    ),
  ];
}

function documentOf(n: number): object {
  const customerId = randomUUID();
  return {
    customerId,
    name: `客户 ${n}`,
    tier: 'prospect',
    registeredAt: '2026-03-01T00:00:00.000Z',
    spend: 1.5 * n,
    contacts: Array.from({ length: 3 }, () => ({ contactId: randomUUID(), fullName: sealed(customerId) })),
  };
}

/** An event as a store reads it: texts and bytes of its own. */
function storedEvent(
  n: number,
  stream = streamName('ticket', randomUUID()),
  type: string = ticketEvents.TicketOpened.type,
  data: object = {
    ticketId: randomUUID(),
    customerId: randomUUID(),
    level: 'L2',
    channel: 'phone',
    message: sealed(randomUUID()),
  },
): StoredEvent {
  const at = '2026-03-01T00:00:00.000Z';
  const envelope: Omit<RecordedEvent, 'id' | 'position' | 'index' | 'revision'> = {
    specversion: '1',
    type,
    version: 1,
    tenant: 'main',
    stream,
    occurredAt: at,
    recordedAt: at,
    origin: 'live',
    actor: randomUUID(),
    via: 'tickets',
    commandId: randomUUID(),
    requestHmac: randomBytes(32).toString('base64url'),
    correlationId: randomUUID(),
    causationId: randomUUID(),
    policies: {},
    data: data as JsonValue,
  };
  return {
    position: n,
    index: n,
    stream: Buffer.from(stream).toString(),
    revision: n,
    id: randomUUID(),
    type: Buffer.from(type).toString(),
    data: new Uint8Array(canonicalBytes(envelope as unknown as JsonValue)),
  };
}

/** A store that hands its events out once, in pages of 500. */
function storeOf(events: StoredEvent[]): Pick<EventStore, 'follow' | 'readCounted' | 'head'> {
  return {
    head: async () => ({ position: -1, index: -1 }),
    readCounted: async () => [],
    async *follow({ signal }) {
      while (events.length > 0) yield events.splice(0, 500);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
    },
  };
}
