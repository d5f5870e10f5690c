import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  DiscardPolicy,
  jetstreamManager,
  RetentionPolicy,
  type JetStreamManager,
  type StreamConfig,
} from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { factsStreamName, findFactsStream } from '@rapport/messaging';
import { NATS_SERVER, NatsServer } from '@rapport/messaging/testing';
import { systemTimers } from '@rapport/platform';
import { until } from '@rapport/platform/testing';
import { FactsRelay } from './factsRelay.ts';
import type { RelayAlert } from './relayStatus.ts';
import { factsEqualLog } from './testing/factsEqualLog.ts';
import { WRITTEN_LOG_ID, WrittenLog } from './testing/writtenLog.ts';

const suite = NATS_SERVER === undefined ? describe.skip : describe;
const LOG = { tenant: 'main', logId: WRITTEN_LOG_ID };
const SETTINGS = { replicas: 1, maxBytes: 256 * 1024 * 1024 } as const;
const SECOND_NS = 1_000_000_000;

suite('a facts stream that an operator changes, on a real server (RAPPORT_TEST_NATS_SERVER)', () => {
  let server: NatsServer;
  let connection: NatsConnection;
  let manager: JetStreamManager;
  let log: WrittenLog;
  let alerts: RelayAlert[];
  let end: AbortController;
  let running: Promise<void>;
  let relay: FactsRelay;
  let name: string;

  beforeEach(async () => {
    server = await NatsServer.start({ jetStream: true });
    connection = await connect({ servers: server.url, noAsyncTraces: true });
    manager = await jetstreamManager(connection);
    log = new WrittenLog();
    await log.growTo(50);
    start();
    await published(49);
    name = factsStreamName((await findFactsStream(manager, LOG))!);
  });

  afterEach(async () => {
    end.abort();
    await running;
    await connection.close();
    await server.stop();
  });

  function start(): void {
    alerts = [];
    end = new AbortController();
    relay = new FactsRelay({
      connection,
      store: log.store,
      ...LOG,
      settings: SETTINGS,
      timers: systemTimers,
      alert: (alert) => alerts.push(alert),
    });
    running = relay.run(end.signal);
  }

  const published = (index: number) =>
    until(`index ${index}; ${JSON.stringify(relay.status())}`, () => relay.status().publishedIndex === index);
  const alerted = (kind: RelayAlert['kind']) =>
    until(`an alert ${kind}`, () => alerts.find((alert) => alert.kind === kind));
  const config = async () => (await manager.streams.info(name)).config;

  it.each<[Partial<StreamConfig>]>([
    [
      {
        max_age: 3_600 * SECOND_NS,
        max_msgs: 1_000,
        max_msgs_per_subject: 1_000,
        max_msg_size: 100_000,
        duplicate_window: 60 * SECOND_NS,
        republish: { src: '>', dest: 'elsewhere.>' },
        consumer_limits: { max_ack_pending: 3 },
        allow_direct: false,
        allow_atomic: false,
      },
    ],
    [{ no_ack: true }],
    [{ discard: DiscardPolicy.New, max_bytes: 1024 * 1024 }],
    [{ retention: RetentionPolicy.Interest }],
    [{ subjects: ['crm.main.facts.v1.tickets.>'] }],
    [{ subjects: ['something.else'] }],
  ])('takes back %j while it follows, names it, and goes on', async (change) => {
    const before = await config();
    await manager.streams.update(name, change);
    const { reason } = await alerted('changed');
    const [, named] = reason.split('taken back: ');
    expect(named!.split(', ').sort()).toEqual(Object.keys(change).sort());
    expect(await config()).toEqual(before);
    await log.growTo(80);
    await published(79);
    expect(relay.status().state).toBe('following');
    expect(alerts.filter(({ kind }) => kind === 'changed')).toHaveLength(1);
  });

  it('takes back no_ack also while facts are on their way, and publishes every one of them once', async () => {
    await manager.streams.update(name, { no_ack: true });
    await log.growTo(500);
    await alerted('changed');
    await published(499);
    expect(await factsEqualLog(connection, (await findFactsStream(manager, LOG))!, log.store)).toBe(500);
  });

  it('says which facts a limit has cost while it followed, and how to repair it', async () => {
    await manager.streams.update(name, { max_msgs: 10 });
    const { reason, remedy } = await alerted('lost');
    expect(reason).toBe(`stream ${name} has lost facts: those of index 0 to 39, though it was not full`);
    expect(remedy).toContain('begin a new generation at 0');
    expect(alerts[0]).toMatchObject({ kind: 'changed', reason: expect.stringContaining(': max_msgs') });
    await log.growTo(60);
    await published(59);
    expect(relay.status().state).toBe('following');
    expect(alerts).toHaveLength(2);
  });

  it('stops where an age has left nothing that tells whose the stream is', async () => {
    end.abort();
    await running;
    await manager.streams.update(name, { max_age: SECOND_NS / 10, duplicate_window: SECOND_NS / 10 });
    const empty = async () => (await manager.streams.info(name)).state.messages === 0;
    await until('the stream is empty', empty);
    start();
    expect((await alerted('changed')).reason).toContain('max_age');
    expect((await alerted('lost')).reason).toContain('those of index 0 to 49');
    expect((await alerted('foreign')).remedy).toContain('generation');
    expect((await config()).max_age).toBe(0);
  });

  it('says how many facts a limit for each subject has cost', async () => {
    const { state } = await manager.streams.info(name, { subjects_filter: '>' });
    const subjects = Object.keys(state.subjects ?? {}).length;
    expect(subjects).toBeLessThan(50);
    await manager.streams.update(name, { max_msgs_per_subject: 1 });
    const { reason } = await alerted('lost');
    const { first_seq: first } = (await manager.streams.info(name)).state;
    const held = `${50 - first + 1 - subjects} of those between index ${first - 1} and 49`;
    expect(reason).toContain(held);
  });

  it('says it as well where the relay was away meanwhile', async () => {
    end.abort();
    await running;
    await manager.streams.update(name, { max_msgs: 10 });
    start();
    expect((await alerted('changed')).reason).toContain(': max_msgs');
    expect((await alerted('lost')).reason).toContain('those of index 0 to 39');
    await until('following', () => relay.status().state === 'following');
  });

  it('does not take a new size of its own configuration for a change', async () => {
    end.abort();
    await running;
    await manager.streams.update(name, { max_bytes: 16 * 1024 * 1024 });
    start();
    await until('following', () => relay.status().state === 'following');
    expect((await config()).max_bytes).toBe(SETTINGS.maxBytes);
    expect(alerts).toEqual([]);
  });

  it.each<[string, string, Partial<StreamConfig>]>([
    [
      'subject_transform',
      'stores facts under other subjects',
      { subject_transform: { src: 'crm.main.facts.v1.>', dest: 'crm.main.facts.v1.x.>' } },
    ],
    ['sealed', 'is sealed', { sealed: true } as Partial<StreamConfig>],
  ])('stops at %s, which it cannot take back, and says what to do', async (_setting, why, change) => {
    await manager.streams.update(name, change);
    const { reason } = await alerted('refused');
    expect(reason).toContain(why);
    expect(reason).toContain('begin a new generation');
    await until('stopped', () => relay.status().state === 'stopped');
    await log.growTo(80);
    expect((await manager.streams.info(name)).state.last_seq).toBe(50);
  });

  it('stops where another stream has its subjects, and goes on when they are free again', async () => {
    end.abort();
    await running;
    await manager.streams.update(name, { subjects: ['something.else'] });
    await manager.streams.add({ name: 'thief', subjects: ['crm.main.facts.>'] });
    start();
    const { reason } = await alerted('refused');
    expect(reason).toContain("can't be taken back: subjects");
    await manager.streams.delete('thief');
    await log.growTo(80);
    await published(79);
    expect((await alerted('changed')).reason).toContain('subjects');
  });
});
