import { MAX_PAGE_BYTES } from '../../reading/readRange.ts';
import { BEFORE_FIRST, type EventStore, type StoredEvent } from '../../eventStore.ts';
import { readOn } from '../fixtures.ts';
import { shownAs, wrongStore, type WrongStore } from './wrongStore.ts';

/** All events of a store, however many pages that takes. */
const everything = (store: EventStore): Promise<StoredEvent[]> => readOn(store, BEFORE_FIRST);

const categoryIn = (event: StoredEvent): string => event.stream.split('-')[0]!;

export const WRONG_READING: readonly WrongStore[] = [
  wrongStore(
    'a head of 0 for a stream that does not exist',
    (right) => ({
      async readStream(stream, options) {
        const slice = await right.readStream(stream, options);
        return { ...slice, headRevision: Math.max(0, slice.headRevision) };
      },
    }),
    'reading › answers an unknown stream with head -1 and no events',
  ),
  wrongStore(
    'a stream that is read from its start whatever the direction',
    (right) => ({
      readStream: (stream, options) => right.readStream(stream, { ...options, direction: 'forwards' }),
    }),
    'reading › reads a stream in pages, both ways',
  ),
  wrongStore(
    'a stream that is told by how its name begins',
    (right) => ({
      async readStream(stream) {
        const events = (await everything(right)).filter((event) => event.stream.startsWith(stream));
        return { events, headRevision: events.length - 1 };
      },
    }),
    'reading › keeps streams apart whose names begin alike',
  ),
  wrongStore(
    'a page that skips the event at its border',
    (right) => ({
      async readAll({ after = BEFORE_FIRST, ...options } = {}) {
        if (after === BEFORE_FIRST || options.direction === 'backwards')
          return right.readAll({ after, ...options });
        const page = await right.readAll({ after, ...options });
        return { ...page, events: page.events.slice(1) };
      },
      async readCounted(fromIndex, limit) {
        return right.readCounted(fromIndex + 1, limit);
      },
    }),
    'reading › reads everything in store order, both ways, in pages',
    'reading › cuts a page at 1 MiB of data, never below one event, without losing any',
    'counting › reads counted events by index, past uncounted ones, in pages',
  ),
  wrongStore(
    'a category that takes in others whose names begin alike',
    (right) => ({
      async *readCategory(category) {
        yield* (await everything(right)).filter((event) => event.stream.startsWith(category));
      },
    }),
    'reading › reads the streams of one category, each in its order, and no others',
  ),
  wrongStore(
    'a category of which one page is read',
    (right) => ({
      async *readCategory(category) {
        yield* (await everything(right)).filter((event) => categoryIn(event) === category).slice(0, 256);
      },
    }),
    'reading › reads the streams of one category, each in its order, and no others',
  ),
  wrongStore(
    'an end that is known by an empty page only',
    (right) => ({
      async readAll(options) {
        const page = await right.readAll(options);
        return { ...page, end: page.events.length === 0 };
      },
    }),
    'reading › tells whether anything follows',
  ),
  wrongStore(
    'pages that are cut by their number of events alone',
    (right) => ({
      async readAll({ limit = 1_000, ...options } = {}) {
        const events: StoredEvent[] = [];
        let { after } = options;
        for (;;) {
          const page = await right.readAll({ ...options, after, limit: limit - events.length });
          events.push(...page.events);
          if (page.end || events.length === limit) return { ...page, events };
          after = page.events.at(-1)!.position;
        }
      },
    }),
    'reading › cuts a page at 1 MiB of data, never below one event, without losing any',
  ),
  wrongStore(
    'pages that are sized by their first event',
    (right) => ({
      async readStream(stream, { limit = 1_000, ...options } = {}) {
        const [first] = (await right.readStream(stream, { ...options, limit: 1 })).events;
        const fitting = Math.max(1, Math.floor(MAX_PAGE_BYTES / (first?.data.byteLength ?? 1)));
        return right.readStream(stream, { ...options, limit: Math.min(limit, fitting) });
      },
    }),
    'reading › fills a page of many small events behind a large one',
  ),
];

export const WRONG_COUNTING: readonly WrongStore[] = [
  wrongStore(
    'an index for events that are not counted',
    (right) => shownAs(right, (event) => ({ ...event, index: event.index ?? 0 })),
    'counting › numbers counted events 0,1,2,… in store order, and no others',
    'counting › counts within one append that touches counted and uncounted streams',
    'concurrent writers › is some serial order of the appends that were accepted, and of nothing else',
  ),
  wrongStore(
    'an index that counts the streams of each category',
    (right) =>
      shownAs(right, (event) => (event.index === null ? event : { ...event, index: event.revision })),
    'counting › numbers counted events 0,1,2,… in store order, and no others',
    'counting › counts within one append that touches counted and uncounted streams',
  ),
  wrongStore(
    'an index that a refused append uses up',
    (right) => {
      let burnt = 0;
      return {
        async append(writes) {
          const result = await right.append(writes);
          if (result.status === 'conflict') burnt += 1;
          else if (burnt > 0) {
            const shift = burnt;
            return {
              ...result,
              events: result.events.map((event) => ({
                ...event,
                index: event.index === null ? null : event.index + shift,
              })),
            };
          }
          return result;
        },
      };
    },
    'counting › burns no index on an append that was refused',
    'appending › lets a refused creation do no harm to what is under way beside it',
  ),
  wrongStore(
    'a head that does not see uncounted events',
    (right) => ({
      async head() {
        const counted = (await everything(right)).findLast(({ index }) => index !== null);
        return { position: counted?.position ?? BEFORE_FIRST, index: counted?.index ?? -1 };
      },
    }),
    'counting › tells the head: position of the last event, index of the last counted one',
  ),
];
