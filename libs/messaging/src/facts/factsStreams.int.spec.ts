import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { NATS_SERVER, NatsServer } from '../testing/natsServer.ts';
import { factsStreamName } from './factsStream.ts';
import { findFactsStream, openFactsStream, startGeneration } from './factsStreams.ts';
import type { FactsStreamSettings } from './factsStreamSettings.ts';

const suite = NATS_SERVER === undefined ? describe.skip : describe;
const SETTINGS: FactsStreamSettings = { replicas: 1, maxBytes: 8 * 1024 * 1024 };
let logs = 0;
/** A tenant of its own for each test: subjects don't meet. */
const newLog = () => ({ tenant: `t${(logs += 1)}`, logId: '0193b1e0-0000-7000-8000-000000000001' });

suite('facts streams on a real server (RAPPORT_TEST_NATS_SERVER)', () => {
  let server: NatsServer;
  let connection: NatsConnection;
  let manager: JetStreamManager;

  beforeAll(async () => {
    server = await NatsServer.start({ jetStream: true });
    connection = await connect({ servers: server.url });
    manager = await jetstreamManager(connection);
  });

  afterAll(async () => {
    await connection.close();
    await server.stop();
  });

  it('are created by two at once, found again, and brought to other settings', async () => {
    const log = newLog();
    const [one, other] = await Promise.all([1, 2].map(() => openFactsStream(manager, log, SETTINGS)));
    expect(one).toEqual({ ...log, generation: 1, offset: 0 });
    expect(other).toEqual(one);
    await openFactsStream(manager, log, { ...SETTINGS, maxBytes: 16 * 1024 * 1024 });
    const { config } = await manager.streams.info(factsStreamName(one!));
    expect(config).toMatchObject({
      storage: 'file',
      max_bytes: 16 * 1024 * 1024,
      max_age: 0,
      discard: 'old',
      deny_delete: true,
      deny_purge: true,
      allow_atomic: true,
      duplicate_window: 1_000_000_000,
    });
    await expect(manager.streams.purge(config.name)).rejects.toThrow();
    await expect(manager.streams.deleteMessage(config.name, 1)).rejects.toThrow();
  });

  it('take back an age that somebody has set', async () => {
    const log = newLog();
    const name = factsStreamName(await openFactsStream(manager, log, SETTINGS));
    await manager.streams.update(name, { max_age: 3_600_000_000_000 });
    await openFactsStream(manager, log, SETTINGS);
    expect((await manager.streams.info(name)).config.max_age).toBe(0);
  });

  it('are not made smaller than what they hold', async () => {
    const log = newLog();
    const stream = await openFactsStream(manager, log, SETTINGS);
    for (let n = 0; n < 10; n += 1) {
      await jetstream(connection).publish(`crm.${log.tenant}.facts.v1.a.B.1`, new Uint8Array(100_000));
    }
    await expect(openFactsStream(manager, log, { ...SETTINGS, maxBytes: 500_000 })).rejects.toThrow(
      'allow more',
    );
    expect((await manager.streams.info(factsStreamName(stream))).state.messages).toBe(10);
  });

  it('leave subjects to the stream of another log until a generation is begun', async () => {
    const log = newLog();
    const old = await openFactsStream(manager, log, SETTINGS);
    const restored = { ...log, logId: '0193b1e0-0000-7000-8000-000000000009' };
    await expect(openFactsStream(manager, restored, SETTINGS)).rejects.toThrow('begin a new generation');
    const stream = await startGeneration(manager, restored, 17, SETTINGS);
    expect(stream).toEqual({ ...restored, generation: 1, offset: 17 });
    expect(await openFactsStream(manager, restored, SETTINGS)).toEqual(stream);
    expect(await findFactsStream(manager, log)).toEqual(old);
    await expect(openFactsStream(manager, log, SETTINGS)).rejects.toThrow('retired');
  });

  it('go on to the next generation, also when beginning it was cut off', async () => {
    const log = newLog();
    const old = await openFactsStream(manager, log, SETTINGS);
    await manager.streams.update(factsStreamName(old), {
      subjects: [`crm.${log.tenant}.retired.${factsStreamName(old)}`],
    });
    await expect(openFactsStream(manager, log, SETTINGS)).rejects.toThrow('begin the new generation again');
    expect(await startGeneration(manager, log, 3, SETTINGS)).toEqual({ ...log, generation: 2, offset: 3 });
    expect(await openFactsStream(manager, log, SETTINGS)).toMatchObject({ generation: 2 });
  });
});
