import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import type { EventStore, StoredEvent } from '@rapport/event-store';
import { RemoteLog } from '@rapport/event-sourcing';
import type { LocalDeployment } from '@rapport/local';
import {
  factsStreamName,
  findFactsStream,
  NatsLink,
  NatsRequestClient,
  type FactsStream,
} from '@rapport/messaging';
import { factsEqualLog } from '@rapport/service-ledger/testing';
import { until } from '@rapport/platform/testing';

/** A connection with the rights of one of deploy/nats's users. */
export function linkAs(user: string, { places }: Pick<LocalDeployment, 'places'>): NatsLink {
  const password = readFileSync(join(places.secrets, `${user}.password`), 'utf8').trim();
  return new NatsLink({
    servers: [places.natsUrl],
    service: user,
    tenant: places.tenant,
    user,
    password: () => password,
  });
}

/**
 * Waits until the facts stream reaches the head of the log, then reads both to the end, as a subscriber may: the facts
 * from JetStream, the log from the ledger. @returns how many facts, all equal to the log's events
 */
export async function factsAreTheLog(deployment: LocalDeployment): Promise<number> {
  const link = linkAs('subscriber', deployment);
  const log = new RemoteLog(new NatsRequestClient(link));
  try {
    const connection = await link.connected();
    const { logId, index } = await log.head();
    const manager = await jetstreamManager(connection, { checkAPI: false });
    const stream = await until('facts at the head of the log', async () => {
      const found = await findFactsStream(manager, { tenant: deployment.places.tenant, logId });
      if (found === undefined) return undefined;
      const { state } = await manager.streams.info(factsStreamName(found));
      return found.offset + state.last_seq > index ? found : undefined;
    });
    return await factsEqualLog(connection, stream, {
      readCounted: countedInOrder(log),
      head: () => log.head(),
    });
  } finally {
    log.close();
    await link.close();
  }
}

/** The facts stream of the deployment's log, its latest generation. */
export async function factsStream(
  manager: JetStreamManager,
  deployment: LocalDeployment,
): Promise<FactsStream> {
  const link = linkAs('subscriber', deployment);
  const log = new RemoteLog(new NatsRequestClient(link));
  try {
    await link.connected();
    const { logId } = await log.head();
    return (await findFactsStream(manager, { tenant: deployment.places.tenant, logId }))!;
  } finally {
    log.close();
    await link.close();
  }
}

/** Counted events from ever higher indexes on, of which no more than a page is held: subscribers read by position only. */
function countedInOrder(log: RemoteLog): EventStore['readCounted'] {
  let after: number | undefined;
  let page: readonly StoredEvent[] = [];
  return async (from, limit) => {
    for (;;) {
      page = page.filter(({ index }) => index !== null && index >= from);
      if (page.length > 0) return page.slice(0, limit);
      const read = await log.readAll({ after, limit: 1_000 });
      if (read.events.length === 0) return [];
      page = read.events;
      after = page.at(-1)!.position;
    }
  };
}
