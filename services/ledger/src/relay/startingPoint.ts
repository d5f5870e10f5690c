import type { JetStreamManager } from '@nats-io/jetstream';
import { BEFORE_FIRST, type EventStore } from '@rapport/event-store';
import {
  FactsMoved,
  type FactsStream,
  factsStreamName,
  type FactsTail,
  indexOf,
  lastInPartitions,
  readTail,
} from '@rapport/messaging';
import { foreignTail } from './foreignTail.ts';
import { PartitionHeads } from './partitionHeads.ts';
import { RelayStopped } from './relayStatus.ts';
import { checkTail } from './tailCheck.ts';

/** Where publishing goes on. */
export interface StartingPoint {
  readonly after: { readonly index: number; readonly position: number };
  readonly heads: PartitionHeads;
}

/**
 * Reads the stream's end and finds it in the log.
 *
 * @throws RelayStopped where it is not the log's, FactsMoved when it changed meanwhile, StoreError, JetStreamError
 */
export async function startingPoint(
  manager: JetStreamManager,
  store: EventStore,
  stream: FactsStream,
): Promise<StartingPoint> {
  const tail = await readTail(manager, stream);
  const index = indexOf(stream, tail.sequence);
  const [event] = index < 0 ? [] : await store.readCounted(index, 1);
  const check = checkTail(stream, tail, event);
  if (check.kind === 'foreign') throw await foreignTail(manager, store, stream, tail.sequence, check.why);
  if (index >= 0 && event === undefined) throw notInLog(stream, index, (await store.head()).index);
  const heads = await PartitionHeads.upTo(index, store, (missing) =>
    askStream(manager, stream, tail, missing),
  );
  return { after: { index, position: event?.position ?? BEFORE_FIRST }, heads };
}

async function askStream(
  manager: JetStreamManager,
  stream: FactsStream,
  { sequence, last }: FactsTail,
  missing: readonly number[],
) {
  if (last?.fact === undefined) return new Map<number, never>();
  try {
    return await lastInPartitions(manager, stream, missing, { sequence, partition: last.fact.partition });
  } catch (error) {
    if (error instanceof FactsMoved) throw error;
    // Too many subjects for one answer, or direct reading is off: the log says the same, only slower.
    return new Map<number, never>();
  }
}

function notInLog(stream: FactsStream, index: number, head: number): RelayStopped {
  const name = factsStreamName(stream);
  return new RelayStopped({
    kind: 'foreign',
    reason: `stream ${name} ends at index ${index}, the log at ${head}`,
    remedy:
      'is this the event store that the stream was written from? Where it lags, wait; where it was restored from a ' +
      'backup, the log needs a new identity; then begin a new generation (docs/operations.md, "The facts stream")',
  });
}
