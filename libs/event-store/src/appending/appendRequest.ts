import { isStreamName } from '@rapport/contracts';
import { type NewEvent, NO_STREAM, StoreError, type StreamWrite } from '../eventStore.ts';

/** Largest event that is stored, in bytes of `data` (contract.md: 256 kB). */
export const MAX_EVENT_BYTES = 256 * 1024;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TYPE = /^[A-Za-z$][A-Za-z0-9_.$-]{0,199}$/;

/**
 * Refuses what no adapter may store, before anything reaches the store. Every adapter calls it first.
 *
 * @throws StoreError `invalid`, naming the place in the request, never its value
 */
export function assertAppendRequest(writes: readonly StreamWrite[]): void {
  if (writes.length === 0) throw invalid('writes', 'is empty: name at least one stream');
  for (let i = 0; i < writes.length; i += 1) assertWrite(writes[i]!, i);
  if (writes.length > 1) assertDistinctStreams(writes);
  if (writes.length > 1 || writes[0]!.events.length > 1) assertDistinctIds(writes);
}

function assertWrite(write: StreamWrite, i: number): void {
  if (!isStreamName(write.stream)) {
    throw invalid(
      `writes[${i}].stream`,
      'is no stream name: category-id, ids hold 1 to 80 of 0-9, a-z and -',
    );
  }
  const expected = write.expectedRevision;
  if (!Number.isSafeInteger(expected) || expected < NO_STREAM) {
    throw invalid(`writes[${i}].expectedRevision`, 'is no revision: send an integer from -1 (no stream) on');
  }
  for (let n = 0; n < write.events.length; n += 1) {
    const reason = fault(write.events[n]!);
    if (reason !== undefined) throw invalid(`writes[${i}].events[${n}]`, reason);
  }
}

function fault(event: NewEvent): string | undefined {
  if (!UUID.test(event.id)) return 'has an id that is no UUID in lower case';
  if (!TYPE.test(event.type)) return 'has a type that is no name of 1 to 200 ASCII letters, digits and _.$-';
  if (!(event.data instanceof Uint8Array) && !ArrayBuffer.isView(event.data))
    return 'has data that are no bytes';
  if (event.data.byteLength > MAX_EVENT_BYTES) return `is larger than ${MAX_EVENT_BYTES} bytes: split it`;
  return undefined;
}

/** KurrentDB ignores case among the streams of one request, so no adapter may tell them apart by it. */
function assertDistinctStreams(writes: readonly StreamWrite[]): void {
  const seen = new Set<string>();
  writes.forEach(({ stream }, i) => {
    const folded = stream.toLowerCase();
    if (seen.has(folded)) {
      throw invalid(`writes[${i}].stream`, 'stands in the request twice (case is ignored): join its events');
    }
    seen.add(folded);
  });
}

function assertDistinctIds(writes: readonly StreamWrite[]): void {
  const seen = new Set<string>();
  writes.forEach(({ events }, i) => {
    events.forEach(({ id }, n) => {
      if (seen.has(id)) throw invalid(`writes[${i}].events[${n}].id`, 'stands in the request twice');
      seen.add(id);
    });
  });
}

function invalid(place: string, reason: string): StoreError {
  return new StoreError('invalid', `${place} ${reason}`);
}

/** An event id that is stored already, at another place than the request's: never a second time. */
export function idStoredElsewhere(): StoreError {
  return new StoreError(
    'invalid',
    'an event id of the request is already stored in another stream or at another revision: ' +
      'repeat an append only at its first expected revision',
  );
}
