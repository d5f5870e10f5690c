import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { findFactsStream } from '@rapport/messaging';
import { factsEqualLog, WRITTEN_LOG_ID, WrittenLog } from '@rapport/service-ledger/testing';
import { until } from '@rapport/platform/testing';

export const LOG = { tenant: 'main', logId: WRITTEN_LOG_ID };

/** A connection as a host opens the relay's. */
export function relayConnection(servers: readonly string[]): Promise<NatsConnection> {
  return connect({
    servers: [...servers],
    maxReconnectAttempts: -1,
    reconnectTimeWait: 50,
    waitOnFirstConnect: true,
    pingInterval: 500,
    noAsyncTraces: true,
  });
}

/**
 * How every test here ends: the stream holds the log's counted events, dense, each once, ids and bytes equal.
 *
 * @param counted counted events of the log by now; waits until that many are published
 */
export async function factsAreTheLog(servers: readonly string[], counted: number): Promise<number> {
  const connection = await relayConnection(servers);
  try {
    const log = new WrittenLog();
    await log.growTo(counted);
    const manager = await jetstreamManager(connection, { checkAPI: false });
    const stream = await until('the stream to be whole', async () => {
      const found = await findFactsStream(manager, LOG).catch(() => undefined);
      if (found === undefined) return undefined;
      return { found };
    });
    return await factsEqualLog(connection, stream.found, log.store);
  } finally {
    await connection.close();
  }
}
