import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { MemoryEventStore, type EventStore } from '@rapport/event-store';
import { factsStreamName, findFactsStream, readFacts, type FactsLog } from '@rapport/messaging';
import { NATS_SERVER, NatsServer } from '@rapport/messaging/testing';
import { systemTimers } from '@rapport/platform';
import { until } from '@rapport/platform/testing';
import { FactsRelay } from './factsRelay.ts';
import type { RelayAlert } from './relayStatus.ts';
import { factsEqualLog } from './testing/factsEqualLog.ts';
import { WRITTEN_LOG_ID, WrittenLog } from './testing/writtenLog.ts';

const suite = NATS_SERVER === undefined ? describe.skip : describe;
const RESTORED_LOG_ID = '0193b1e0-0000-7000-8000-0000000000b2';
const RESTORED_AGAIN_LOG_ID = '0193b1e0-0000-7000-8000-0000000000b3';

suite('facts of a restored log, on a real NATS server (RAPPORT_TEST_NATS_SERVER)', () => {
  let server: NatsServer;
  let connection: NatsConnection;
  let manager: JetStreamManager;
  let alerts: RelayAlert[];
  let running: (() => Promise<void>)[];

  beforeEach(async () => {
    server = await NatsServer.start({ jetStream: true });
    connection = await connect({ servers: server.url, noAsyncTraces: true });
    manager = await jetstreamManager(connection);
    alerts = [];
    running = [];
  });
  afterEach(async () => {
    await Promise.all(running.map((stop) => stop()));
    await connection.close();
    await server.stop();
  });

  function relayOf(store: EventStore, logId: string, restored?: FactsLog['restored']): FactsRelay {
    const end = new AbortController();
    const relay = new FactsRelay({
      connection,
      store,
      tenant: 'main',
      logId,
      ...(restored && { restored }),
      timers: systemTimers,
      alert: (alert) => alerts.push(alert),
    });
    const run = relay.run(end.signal);
    running.push(() => (end.abort(), run));
    return relay;
  }

  /** The former log's facts up to index 199; the relay is stopped. */
  async function published(): Promise<void> {
    const log = new WrittenLog();
    await log.growTo(200);
    const relay = relayOf(log.store, WRITTEN_LOG_ID);
    await until('published', () => relay.status().publishedIndex === 199);
    await running.pop()!();
  }

  /** A copy of the log up to index 119, and more of its own. */
  async function restoredLog(): Promise<{ store: EventStore; more: (counted: number) => Promise<void> }> {
    const log = new WrittenLog(new MemoryEventStore());
    await log.growTo(120);
    return { store: log.store, more: (counted) => log.growTo(counted) };
  }

  it('go on in a stream of its own from the fork on, and the former stream is left as it is', async () => {
    await published();
    const { store, more } = await restoredLog();
    await more(150);
    const relay = relayOf(store, RESTORED_LOG_ID, { formerLogIds: [WRITTEN_LOG_ID], from: 120 });
    await until('published', () => relay.status().publishedIndex === 149);
    expect(alerts).toEqual([]);
    const stream = (await findFactsStream(manager, { tenant: 'main', logId: RESTORED_LOG_ID }))!;
    expect(stream).toMatchObject({ generation: 1, offset: 120 });
    expect(await factsEqualLog(connection, stream, store)).toBe(30);

    const former = (await findFactsStream(manager, { tenant: 'main', logId: WRITTEN_LOG_ID }))!;
    const { config, state } = await manager.streams.info(factsStreamName(former));
    expect(state.messages).toBe(200);
    expect(config.subjects).toEqual([expect.stringContaining('retired')]);

    const stop = new AbortController();
    for await (const fact of readFacts({
      connection,
      manager,
      stream,
      fromIndex: 120,
      signal: stop.signal,
    })) {
      expect(fact).toMatchObject({ logId: RESTORED_LOG_ID, index: 120 });
      stop.abort();
    }
  });

  it('are taken over where an attempt was cut off, and after another restore', async () => {
    await published();
    const former = (await findFactsStream(manager, { tenant: 'main', logId: WRITTEN_LOG_ID }))!;
    // Retired, and the new stream not made yet.
    await manager.streams.update(factsStreamName(former), { subjects: ['crm.main.retired.x'] });
    const { store, more } = await restoredLog();
    const first = relayOf(store, RESTORED_LOG_ID, { formerLogIds: [WRITTEN_LOG_ID], from: 120 });
    await more(130);
    await until('published', () => first.status().publishedIndex === 129);
    await running.pop()!();

    const again = relayOf(store, RESTORED_AGAIN_LOG_ID, {
      formerLogIds: [WRITTEN_LOG_ID, RESTORED_LOG_ID],
      from: 125,
    });
    await until('published', () => again.status().publishedIndex === 129);
    const stream = (await findFactsStream(manager, { tenant: 'main', logId: RESTORED_AGAIN_LOG_ID }))!;
    expect(await factsEqualLog(connection, stream, store)).toBe(5);
    expect(alerts).toEqual([]);
  });

  it('never take the subjects from a log that it never was', async () => {
    await published();
    const { store } = await restoredLog();
    const relay = relayOf(store, RESTORED_LOG_ID, { formerLogIds: [RESTORED_AGAIN_LOG_ID], from: 120 });
    await until('stopped', () => relay.status().state === 'stopped');
    expect(alerts).toEqual([expect.objectContaining({ kind: 'refused' })]);
    const former = (await findFactsStream(manager, { tenant: 'main', logId: WRITTEN_LOG_ID }))!;
    expect((await manager.streams.info(factsStreamName(former))).config.subjects).toEqual([
      'crm.main.facts.v1.>',
    ]);
  });
});
