import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { systemTimers } from '@rapport/platform';
import { NATS_SERVER, NatsServer } from '../testing/natsServer.ts';
import type { Fact } from './fact.ts';
import { FactsPublisher } from './factsPublisher.ts';
import type { FactsStream } from './factsStream.ts';
import { openFactsStream } from './factsStreams.ts';

const suite = NATS_SERVER === undefined ? describe.skip : describe;
const LOG = { tenant: 'main', logId: '0193b1e0-0000-7000-8000-000000000001' };

suite('a facts publisher on a real server (RAPPORT_TEST_NATS_SERVER)', () => {
  let server: NatsServer;
  let connection: NatsConnection;
  let stream: FactsStream;

  beforeAll(async () => {
    server = await NatsServer.start({ jetStream: true });
    connection = await connect({ servers: server.url });
    stream = await openFactsStream(await jetstreamManager(connection), LOG, {
      replicas: 1,
      maxBytes: 8 * 1024 * 1024,
    });
  });

  afterAll(async () => {
    await connection.close();
    await server.stop();
  });

  it('tells nothing more once it has ended: what comes late belongs to no progress', async () => {
    let told = 0;
    let stored = () => {};
    const acknowledged = new Promise<void>((resolve) => (stored = resolve));
    const publisher = new FactsPublisher({
      connection,
      stream,
      end: 0,
      timers: systemTimers,
      onProgress: () => {
        told += 1;
        stored();
      },
    });
    publisher.publish(FACT);
    await acknowledged;
    expect(publisher).toMatchObject({ stored: 1, inFlight: 0, ended: undefined });
    publisher.end('the connection was lost');
    expect(told).toBe(2);

    publisher.end('a look that timed out');
    publisher.close();
    publisher.end('another one, when the next publisher is far ahead');
    expect(publisher.ended).toBe('the connection was lost');
    expect(told).toBe(2);
  });
});

const FACT: Fact = {
  logId: LOG.logId,
  index: 0,
  prevIndex: -1,
  id: '0193b1e0-0000-7000-8000-000000000003',
  type: 'crm.tickets.TicketOpened',
  version: 1,
  stream: 'ticket-0193b1e0-0000-7000-8000-000000000004',
  revision: 0,
  partition: 0,
  traceparent: undefined,
  data: new TextEncoder().encode('{}'),
};
