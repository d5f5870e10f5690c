import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import type { EventStore } from '@rapport/event-store';
import { systemTimers } from '@rapport/platform';
import {
  factsStreamName,
  factSubject,
  partitionOfEvent,
  findFactsStream,
  readFacts,
  type Fact,
  type FactsStream,
  startGeneration,
} from '@rapport/messaging';
import { NATS_SERVER, NatsServer } from '@rapport/messaging/testing';
import { until } from '@rapport/platform/testing';
import { FactsRelay } from './factsRelay.ts';
import type { RelayAlert } from './relayStatus.ts';
import { factsEqualLog } from './testing/factsEqualLog.ts';
import { WRITTEN_LOG_ID, WrittenLog } from './testing/writtenLog.ts';

const suite = NATS_SERVER === undefined ? describe.skip : describe;
const LOG = { tenant: 'main', logId: WRITTEN_LOG_ID };
const SETTINGS = { replicas: 1, maxBytes: 256 * 1024 * 1024 } as const;

suite('the relay, on a real NATS server (RAPPORT_TEST_NATS_SERVER)', () => {
  let server: NatsServer;
  let connection: NatsConnection;
  let manager: JetStreamManager;
  let log: WrittenLog;
  let relays: { relay: FactsRelay; stop: () => Promise<void> }[];
  let alerts: RelayAlert[];

  beforeEach(async () => {
    server = await NatsServer.start({ jetStream: true });
    connection = await connect({
      servers: server.url,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 50,
      noAsyncTraces: true,
    });
    manager = await jetstreamManager(connection);
    log = new WrittenLog();
    relays = [];
    alerts = [];
  });

  afterEach(async () => {
    await Promise.all(relays.map(({ stop }) => stop()));
    await connection.close();
    await server.stop();
  });

  function run(settings: Partial<typeof SETTINGS> = SETTINGS, store = log.store): FactsRelay {
    const end = new AbortController();
    const relay = new FactsRelay({
      connection,
      store,
      ...LOG,
      settings,
      timers: systemTimers,
      alert: (alert) => alerts.push(alert),
    });
    const running = relay.run(end.signal);
    relays.push({ relay, stop: () => (end.abort(), running) });
    return relay;
  }

  const published = (relay: FactsRelay, index: number) =>
    until(`index ${index}; ${JSON.stringify(relay.status())}`, () => relay.status().publishedIndex === index);
  const stream = async (): Promise<FactsStream> => (await findFactsStream(manager, LOG))!;

  it('publishes what is there, then what is recorded, each with its place and stored bytes', async () => {
    await log.growTo(3_000);
    const relay = run();
    await published(relay, 2_999);
    await log.growTo(3_200);
    await published(relay, 3_199);
    expect(relay.status()).toMatchObject({ state: 'following', lag: 0, heals: 0 });
    expect(await factsEqualLog(connection, await stream(), log.store)).toBe(3_200);
  });

  it('publishes what is no envelope as it is stored, of no customer, and goes on with what comes after it', async () => {
    await log.growTo(20);
    const foreign = (stream: string, type: string, text: string) =>
      log.store.append([
        {
          stream,
          expectedRevision: -1,
          events: [
            { id: `0193b1e0-0000-7000-8000-0000000000a${stream.length - 8}`, type, data: Buffer.from(text) },
          ],
        },
      ]);
    await foreign('ticket-a', 'crm.tickets.TicketOpened', '王小明 {');
    await foreign('ticket-ab', 'somebodys-own', '[]');
    await log.growTo(40);
    const relay = run();
    await published(relay, 41);
    await relays.at(-1)!.stop();
    // Also where it goes on from such a fact, and asks the log for the partitions.
    await published(run(), 41);
    expect(alerts).toEqual([]);
    expect(await factsEqualLog(connection, await stream(), log.store)).toBe(42);
    const facts: Fact[] = [];
    const end = new AbortController();
    const { signal } = end;
    for await (const fact of readFacts({
      connection,
      manager,
      stream: await stream(),
      fromIndex: 20,
      signal,
    })) {
      facts.push(fact);
      if (facts.length === 2) end.abort();
    }
    expect(facts).toMatchObject([
      { version: 0, partition: 32, type: 'crm.tickets.TicketOpened' },
      { version: 0, partition: 32, type: 'crm.foreign.Foreign' },
    ]);
    expect(Buffer.from(facts[0]!.data).toString()).toBe('王小明 {');
  });

  it('goes on from the stream alone after a restart, with the previous index of every partition', async () => {
    await log.growTo(2_500);
    await published(run(), 2_499);
    await relays[0]!.stop();
    await log.growTo(2_600);
    await published(run(), 2_599);
    expect(await factsEqualLog(connection, await stream(), log.store)).toBe(2_600);
  });

  it('takes one of two to publish, the other stands by and takes over', async () => {
    await log.growTo(5_000);
    const [one, other] = [run(), run()];
    await published(one, 4_999);
    await published(other, 4_999);
    // Where one had published all before the other came, both follow: which of them publishes, the next event decides.
    let size = 5_000;
    await until('one stands by', async () => {
      await log.growTo((size += 1));
      return relays.some(({ relay }) => relay.status().state === 'standby');
    });
    const active = relays.find(({ relay }) => relay.status().state === 'following')!;
    await active.stop();
    await log.growTo((size += 100));
    await published(active.relay === one ? other : one, size - 1);
    expect(await factsEqualLog(connection, await stream(), log.store)).toBe(size);
  });

  it('tells once that the log shows a gap, and goes on when it does no more', async () => {
    await log.growTo(100);
    const { store } = log;
    let gap = true;
    let looks = 0;
    const gapped: Pick<EventStore, 'follow' | 'readCounted' | 'head'> = {
      readCounted: (from, limit) => store.readCounted(from, limit),
      head: () => store.head(),
      async *follow(options) {
        looks += 1;
        for await (const batch of store.follow(options))
          yield gap ? batch.filter(({ index }) => index !== 50) : batch;
      },
    };
    const relay = run(SETTINGS, gapped as EventStore);
    await until('stopped', () => relay.status().state === 'stopped');
    const before = looks;
    await until(
      'it was looked at again, twice',
      () => looks >= before + 2 && relay.status().state === 'stopped',
    );
    expect(alerts.map(({ kind }) => kind)).toEqual(['damaged']);
    gap = false;
    await published(relay, 99);
    expect(relay.status().state).toBe('following');
    expect(alerts).toHaveLength(1);
  });

  it('stops at a foreign message, says up to where all is right, and goes on in a new generation', async () => {
    await log.growTo(100);
    const relay = run();
    await published(relay, 99);
    await manager.jetstream().publish('crm.main.facts.v1.tickets.TicketOpened.3', 'not a fact');
    await log.growTo(200);
    await until('stopped', () => relay.status().state === 'stopped');
    expect(alerts).toEqual([
      expect.objectContaining({
        kind: 'foreign',
        remedy: expect.stringContaining('generation at index 100'),
      }),
    ]);
    expect(alerts[0]!.reason).toContain('right up to index 99');
    const next = await startGeneration(manager, LOG, 100, SETTINGS);
    expect(factsStreamName(next)).toMatch(/-g2$/);
    await published(relay, 199);
    expect(await factsEqualLog(connection, next, log.store)).toBe(100);
    expect(relay.status().state).toBe('following');
    expect(alerts).toHaveLength(1);
  });

  it('notices a foreign message also while there is nothing to publish', async () => {
    await log.growTo(10);
    const relay = run();
    await published(relay, 9);
    await manager.jetstream().publish('crm.main.facts.v1.tickets.TicketOpened.3', 'not a fact');
    await until('stopped', () => relay.status().state === 'stopped');
    expect(alerts[0]!.reason).toContain('right up to index 9');
  });

  it.each([
    ['of another log', 'of another log', { 'Crm-Log': '0193b1e0-0000-7000-8000-00000000000f' }],
    ['of another index', 'it names index 12', { 'Crm-Index': '12' }],
    ['of another event', 'its id is not', { 'Nats-Msg-Id': '0193b1e0-0000-5000-8000-00000000000f' }],
  ])('stops at a message that looks like the next fact but is %s', async (_, why, changed) => {
    await log.growTo(11);
    const relay = run();
    await published(relay, 9 + 1);
    await relays[0]!.stop();
    await log.growTo(20);
    const [event] = await log.store.readCounted(11, 1);
    const { headers } = await import('@nats-io/nats-core');
    const block = headers();
    const right = { 'Crm-Log': LOG.logId, 'Crm-Index': '11', 'Nats-Msg-Id': event!.id };
    for (const [name, value] of Object.entries({ ...right, ...changed })) block.set(name, value);
    for (const name of ['Crm-Prev-Index', 'Crm-Version', 'Crm-Revision']) block.set(name, '0');
    block.set('Crm-Type', event!.type);
    block.set('Crm-Stream', event!.stream);
    await manager
      .jetstream()
      .publish(factSubject('main', event!.type, partitionOfEvent(event!)), event!.data, { headers: block });
    const next = run();
    await until('stopped', () => next.status().state === 'stopped');
    expect(alerts.at(-1)!.reason).toContain(why);
  });

  it('stops where the stream is ahead of the log, as after a restore without a new log identity', async () => {
    await log.growTo(50);
    await published(run(), 49);
    await relays[0]!.stop();
    log = new WrittenLog();
    await log.growTo(20);
    const relay = run();
    await until('stopped', () => relay.status().state === 'stopped');
    expect(alerts[0]!.reason).toContain('ends at index 49, the log at 19');
  });

  it('has subscribers read from an index, behind a filter too, and tells them what is gone', async () => {
    await log.growTo(500);
    await published(run(), 499);
    const read = async (options: { fromIndex: number; partitions?: number[] }, count: number) => {
      const stop = new AbortController();
      const facts: Fact[] = [];
      for await (const fact of readFacts({
        connection,
        manager,
        stream: await stream(),
        signal: stop.signal,
        ...options,
      })) {
        facts.push(fact);
        if (facts.length === count) stop.abort();
      }
      return facts;
    };
    expect((await read({ fromIndex: 490 }, 10)).map(({ index }) => index)).toEqual(
      Array.from({ length: 10 }, (_, n) => 490 + n),
    );
    const some = await read({ fromIndex: 100, partitions: [3, 4, 5, 6, 7, 8] }, 20);
    expect(new Set(some.map(({ partition }) => partition)).size).toBeGreaterThan(1);
    const next = await startGeneration(manager, LOG, 400, SETTINGS);
    await until(
      'published',
      async () => (await manager.streams.info(factsStreamName(next))).state.messages === 100,
    );
    await expect(read({ fromIndex: 399 }, 1)).rejects.toMatchObject({ name: 'FactsGone', firstIndex: 400 });
  });
});
