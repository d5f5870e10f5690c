import { isStreamName } from '@rapport/contracts';
import { MAX_EVENT_BYTES } from '../../appending/appendRequest.ts';
import { StoreError, type EventStore, type NewEvent, type StreamWrite } from '../../eventStore.ts';
import { newStream, uuid } from '../fixtures.ts';
import { wrongStore, type WrongStore } from './wrongStore.ts';

/** A store that sets right what it should refuse, and stores that. */
function tidying(
  fault: string,
  tidy: (write: StreamWrite) => StreamWrite,
  ...rejectedBy: string[]
): WrongStore {
  return wrongStore(
    fault,
    (right) => ({ append: (writes) => right.append(writes.map(tidy)) }),
    ...rejectedBy.map(
      (what) => `refusing malformed requests › refuses ${what} as invalid and stores nothing`,
    ),
  );
}

const everyEvent =
  (tidy: (event: NewEvent) => NewEvent) =>
  (write: StreamWrite): StreamWrite => ({ ...write, events: write.events.map(tidy) });

const UUID = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/;

function refusingWith(
  right: EventStore,
  message: (error: StoreError, writes: readonly StreamWrite[]) => string,
) {
  return {
    append: (writes: readonly StreamWrite[]) =>
      right.append(writes).catch((error: unknown) => {
        throw error instanceof StoreError ? new StoreError(error.failure, message(error, writes)) : error;
      }),
  };
}

export const WRONG_REFUSING: readonly WrongStore[] = [
  wrongStore(
    'an append of nothing that succeeds',
    (right) => ({
      append: async (writes) =>
        writes.length === 0 ? { status: 'appended', events: [] } : right.append(writes),
    }),
    'refusing malformed requests › refuses an empty request as invalid and stores nothing',
  ),
  tidying(
    'a store that takes any stream name',
    (write) => (isStreamName(write.stream) ? write : { ...write, stream: newStream() }),
    'the stream name «*»',
  ),
  tidying(
    'a store that takes any event id',
    everyEvent((event) => (UUID.test(event.id) ? event : { ...event, id: uuid() })),
    'the event id «*»',
  ),
  tidying(
    'a store that takes any type',
    everyEvent((event) => ({ ...event, type: event.type.replaceAll('\u0000', '') || 'crm.Untyped' })),
    'an event without a type',
    'a type with control characters',
  ),
  tidying(
    'a store that cuts what is too large',
    everyEvent((event) => ({ ...event, data: event.data.subarray(0, MAX_EVENT_BYTES) })),
    'an event above 256 kB',
  ),
  tidying(
    'a store that takes no revision for a new stream',
    (write) =>
      Number.isSafeInteger(write.expectedRevision) && write.expectedRevision >= -1
        ? write
        : { ...write, expectedRevision: -1 },
    'a revision below -1',
    'a fractional revision',
    'a revision that is no number',
  ),
  wrongStore(
    'a store that takes parts of one request as requests',
    (right) => ({
      async append(writes) {
        if (writes.length < 2) return right.append(writes);
        const results = [];
        for (const write of writes) results.push(await right.append([write]));
        return results.at(-1)!;
      },
    }),
    'refusing malformed requests › refuses the same stream twice as invalid and stores nothing',
    'refusing malformed requests › refuses streams that differ only in case as invalid and stores nothing',
  ),
  tidying(
    'a store that gives events ids of its own',
    everyEvent((event) => ({ ...event, id: uuid() })),
    'the same event id twice',
  ),
  wrongStore(
    'a refusal of what is malformed alone',
    (right) => ({
      async append(writes) {
        try {
          return await right.append(writes);
        } catch (refused) {
          for (const write of writes) await right.append([write]).catch(() => undefined);
          throw refused;
        }
      },
    }),
    ...['the stream name «*»', 'the event id «*»', 'an event *', 'a type *', '* revision*'].map(
      (what) => `refusing malformed requests › refuses ${what} as invalid and stores nothing`,
    ),
    'refusing malformed requests › refuses the same *',
    'refusing malformed requests › refuses streams that differ only in case as invalid and stores nothing',
  ),
  wrongStore(
    'a refusal that quotes what it refuses',
    (right) =>
      refusingWith(right, (error, writes) => {
        const ids = writes.flatMap(({ events }) => events.map(({ id }) => id));
        return `${error.message}: ${ids.join()}`;
      }),
    'refusing malformed requests › names the place, not the value',
  ),
  wrongStore(
    'a refusal that names no place',
    (right) => refusingWith(right, () => 'the request is malformed'),
    'refusing malformed requests › names the place, not the value',
  ),
  wrongStore(
    'a limit that is one byte too low',
    (right) => ({
      async append(writes) {
        const full = writes.some(({ events }) =>
          events.some(({ data }) => data.byteLength >= MAX_EVENT_BYTES),
        );
        if (full) throw new StoreError('invalid', 'writes[0].events[0] is too large');
        return right.append(writes);
      },
    }),
    'refusing malformed requests › stores an event of exactly 256 kB',
  ),
  wrongStore(
    'reads that take the nearest place in range',
    (right) => ({
      readStream: (stream, { fromRevision = 0, limit = 1, ...options } = {}) =>
        right.readStream(stream, {
          ...options,
          fromRevision: Math.max(0, fromRevision),
          limit: Math.max(1, limit),
        }),
      readAll: ({ after = -1, limit = 1, ...options } = {}) =>
        right.readAll({ ...options, after: Math.max(-1, after), limit: Math.ceil(limit) }),
      readCounted: (fromIndex, limit) => right.readCounted(Math.max(0, fromIndex), Math.max(1, limit)),
    }),
    'refusing malformed requests › refuses reads out of range',
  ),
];
