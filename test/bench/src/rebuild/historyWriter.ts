import { canonicalBytes, type Envelope, eventId, type JsonValue, uuid5 } from '@rapport/contracts';
import type { EventStore, NewEvent } from '@rapport/event-store';
import type { HistoricalEvent } from './customerHistory.ts';
import type { FieldSealing, PlainEvent } from './fieldSealing.ts';

const BATCH = 1_000;
/** Of the ids of the commands that the history stands for. */
const NAMESPACE = '3e0b6f0d-5d4e-5d1c-9c1c-2a7f6f0b8d11';

/**
 * Appends a history in its order: sealed, as canonical bytes, with the ids that the ledger would give.
 * @throws Error when the store already holds one of the streams
 */
export async function writeHistory(
  store: EventStore,
  sealing: Pick<FieldSealing, 'seal'>,
  history: Iterable<HistoricalEvent>,
  progress: (written: number) => void,
): Promise<void> {
  let written = 0;
  let batch: HistoricalEvent[] = [];
  const flush = async () => {
    await appendBatch(store, sealing, batch);
    written += batch.length;
    batch = [];
    progress(written);
  };
  for (const event of history) {
    batch.push(event);
    if (batch.length === BATCH) await flush();
  }
  if (batch.length > 0) await flush();
}

async function appendBatch(
  store: EventStore,
  sealing: Pick<FieldSealing, 'seal'>,
  batch: readonly HistoricalEvent[],
) {
  const sealed = await sealing.seal(batch.map(plainEvent));
  // One append per event and not awaited in between: they share a commit and keep their order in the store.
  const results = await Promise.all(
    sealed.map((stored, i) =>
      store.append([
        { stream: stored.stream, expectedRevision: batch[i]!.revision - 1, events: [newEvent(stored)] },
      ]),
    ),
  );
  const conflict = results.findIndex(({ status }) => status === 'conflict');
  if (conflict >= 0)
    throw new Error(`the store already holds ${batch[conflict]!.stream}: generate into an empty one`);
}

function plainEvent({
  stream,
  revision,
  customerId,
  occurredAt,
  via,
  policies,
  event,
}: HistoricalEvent): PlainEvent {
  const commandId = uuid5(NAMESPACE, `${stream}/${revision}`);
  const envelope: Envelope<unknown> = {
    specversion: '1',
    type: event.type,
    version: 1,
    tenant: 'main',
    stream,
    occurredAt,
    recordedAt: occurredAt,
    origin: 'demo',
    actor: 'bench',
    via,
    commandId,
    requestHmac: '',
    correlationId: commandId,
    causationId: commandId,
    ...(customerId !== undefined && { customerId }),
    policies,
    data: event.data,
  };
  return { envelope, revision };
}

function newEvent(stored: Envelope<JsonValue>): NewEvent {
  const data = canonicalBytes(stored as unknown as JsonValue);
  return { id: eventId(stored.commandId, stored.stream, 0, data), type: stored.type, data };
}
