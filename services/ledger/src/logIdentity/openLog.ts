import {
  canonicalBytes,
  decodeEvent,
  eventId,
  ledgerEvents,
  streamName,
  type Envelope,
  type JsonValue,
} from '@rapport/contracts';
import { NO_STREAM, type EventStore } from '@rapport/event-store';
import { toInstant, type Clock, type Random } from '@rapport/platform';

/**
 * The identity of the tenant's log: read from its first event, or written where the store is empty.
 *
 * @returns the logId; an index or a position means something only together with it (contract.md)
 */
export async function openLog(
  store: EventStore,
  tenant: string,
  ports: { readonly clock: Clock; readonly random: Random },
): Promise<string> {
  const stream = streamName('log', tenant);
  const { events } = await store.readStream(stream, { limit: 1 });
  if (events[0] !== undefined) return (decodeEvent(events[0]).data as { logId: string }).logId;
  const { index } = await store.head();
  if (index >= 0) {
    throw new Error(`the store holds events but no log of tenant ${tenant}: it belongs to another tenant`);
  }
  const now = ports.clock.now();
  const logId = ports.random.uuidv7(now);
  const commandId = logId;
  const envelope: Envelope = {
    specversion: '1',
    type: ledgerEvents.LogOpened.type,
    version: ledgerEvents.LogOpened.version,
    tenant,
    stream,
    occurredAt: toInstant(now),
    recordedAt: toInstant(now),
    origin: 'live',
    actor: 'ledger',
    via: 'ledger',
    commandId,
    requestHmac: '',
    correlationId: commandId,
    causationId: commandId,
    policies: {},
    data: { logId },
  };
  const data = canonicalBytes(envelope as unknown as JsonValue);
  const id = eventId(commandId, stream, 0, data);
  const result = await store.append([
    { stream, expectedRevision: NO_STREAM, events: [{ id, type: envelope.type, data }] },
  ]);
  // Another ledger opened the log in the same moment: its identity counts.
  return result.status === 'appended' ? logId : openLog(store, tenant, ports);
}
