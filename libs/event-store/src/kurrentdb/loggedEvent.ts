import type { AllStreamRecordedEvent, Position, RecordedEvent } from '@kurrent/kurrentdb-client';
import { BEFORE_FIRST, type StoredEvent, StoreError } from '../eventStore.ts';

/** An event as KurrentDB has it: everything but its index, which the adapter counts. */
export type LoggedEvent = Omit<StoredEvent, 'index'>;

/** Type of the event by which KurrentDB deletes a stream for good; it stands in the stream itself. */
const TOMBSTONE = '$streamDeleted';

/** @throws StoreError `damaged` for what no adapter of this port wrote */
export function loggedEvent(event: RecordedEvent | AllStreamRecordedEvent): LoggedEvent {
  const { streamId: stream, id, type, data } = event;
  if (type === TOMBSTONE)
    throw new StoreError('damaged', `the stream ${stream} was deleted: restore a backup`);
  // The client parses what is marked as JSON, and the bytes that were hashed are gone.
  if (event.isJson || !ArrayBuffer.isView(data)) {
    throw foreign(stream, 'has an event in another format than bytes');
  }
  if (event.position === undefined) throw foreign(stream, 'has an event without a position');
  return {
    position: positionOf(event.position),
    stream,
    revision: safeInteger(event.revision),
    id: id.toLowerCase(),
    type,
    data: data as Uint8Array,
  };
}

/**
 * KurrentDB's position is a pair. Whatever is appended without an explicit transaction (every append over gRPC,
 * also over several streams) is written as committed prepares, whose two positions are the same; so one number is
 * the whole pair, and `pairOf` gives back exactly what the server gave.
 *
 * @throws StoreError `damaged` for an event of an explicit transaction, as only the old TCP clients wrote them
 */
export function positionOf({ commit, prepare }: Position): number {
  if (commit !== prepare) {
    throw new StoreError(
      'damaged',
      'the store has events of explicit transactions, which Rapport never writes',
    );
  }
  return safeInteger(commit);
}

/** The pair to read on or to resume from: `start` before the first event. */
export function pairOf(position: number): Position | 'start' {
  if (position === BEFORE_FIRST) return 'start';
  return { commit: BigInt(position), prepare: BigInt(position) };
}

/** @throws StoreError `damaged` */
export function safeInteger(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) {
    throw new StoreError('damaged', 'the store gave a revision or position above 2^53');
  }
  return number;
}

function foreign(stream: string, what: string): StoreError {
  return new StoreError(
    'damaged',
    `stream ${stream} ${what}: another program wrote into Rapport's streams, restore a backup`,
  );
}
