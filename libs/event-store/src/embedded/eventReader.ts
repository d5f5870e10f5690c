import type Database from 'libsql';
import {
  type AllSlice,
  NO_STREAM,
  type StoredEvent,
  type StoreHead,
  type StreamSlice,
  type StreamWrite,
} from '../eventStore.ts';
import { MAX_PAGE_BYTES, type ReadRange } from '../reading/readRange.ts';

/** Rows fetched at once: bounds what is read above a page that bytes will cut (64 MiB with the largest events). */
const CHUNK = 256;

const COLUMNS = 'SELECT position, idx, stream, revision, id, type, data FROM events';

type Row = [number, number | null, string, number, string, string, Uint8Array];
type Statement = Database.Statement<unknown[]>;

/**
 * Reads committed events, in the calling thread. Every statement runs to its end before it returns: one left
 * open would keep a snapshot, and the write-ahead log could not be taken over into the file.
 */
export class EventReader {
  readonly #all: readonly [forwards: Statement, backwards: Statement];
  readonly #stream: readonly [forwards: Statement, backwards: Statement];
  readonly #counted: Statement;
  readonly #category: Statement;
  readonly #headOfStore: Statement;
  readonly #headOfStream: Statement;
  readonly #bounds: Statement;

  constructor(private readonly db: Database.Database) {
    const prepare = (sql: string) => db.prepare<unknown[]>(sql).raw();
    this.#all = [
      prepare(`${COLUMNS} WHERE position >= ? ORDER BY position LIMIT ?`),
      prepare(`${COLUMNS} WHERE position <= ? ORDER BY position DESC LIMIT ?`),
    ];
    this.#stream = [
      prepare(`${COLUMNS} WHERE stream = ? AND revision >= ? ORDER BY revision LIMIT ?`),
      prepare(`${COLUMNS} WHERE stream = ? AND revision <= ? ORDER BY revision DESC LIMIT ?`),
    ];
    this.#counted = prepare(`${COLUMNS} WHERE idx >= ? ORDER BY idx LIMIT ?`);
    this.#category = prepare(
      `${COLUMNS} WHERE stream >= ?1 AND stream < ?2 AND (stream, revision) > (?3, ?4) ORDER BY stream, revision LIMIT ?5`,
    );
    this.#headOfStore = prepare(
      'SELECT (SELECT max(position) FROM events), (SELECT max(idx) FROM events WHERE idx IS NOT NULL)',
    );
    this.#headOfStream = prepare('SELECT max(revision) FROM events WHERE stream = ?');
    this.#bounds = prepare('SELECT (SELECT min(position) FROM events), (SELECT max(position) FROM events)');
  }

  head(): StoreHead {
    const [position, index] = this.#headOfStore.get() as [number | null, number | null];
    return { position: position ?? -1, index: index ?? -1 };
  }

  readAll(range: ReadRange): AllSlice {
    const statement = this.#all[range.backwards ? 1 : 0];
    const events = page(range, (from, limit) => statement.all([from, limit]) as Row[], byPosition);
    const last = events.at(-1);
    if (last === undefined) return { events, end: true };
    const [first, head] = this.#bounds.get() as [number, number];
    return { events, end: last.position === (range.backwards ? first : head) };
  }

  readStream(stream: string, range: ReadRange): StreamSlice {
    const [head] = this.#headOfStream.get([stream]) as [number | null];
    const headRevision = head ?? NO_STREAM;
    const statement = this.#stream[range.backwards ? 1 : 0];
    // Bounded by the head that is answered with them: the writer may append between the two statements.
    const from = range.backwards ? Math.min(range.from, headRevision) : range.from;
    const limit = range.backwards ? range.limit : Math.min(range.limit, headRevision - from + 1);
    if (from > headRevision || from < 0) return { events: [], headRevision };
    const read = (revision: number, count: number) => statement.all([stream, revision, count]) as Row[];
    return { events: page({ ...range, from, limit }, read, byRevision), headRevision };
  }

  readCounted(range: ReadRange): readonly StoredEvent[] {
    return page(range, (from, limit) => this.#counted.all([from, limit]) as Row[], byIndex);
  }

  /** The category's events after a place, by stream and revision. */
  readCategory(category: string, stream: string, revision: number, limit: number): readonly StoredEvent[] {
    // `-` ends a category's name and `.` is the next character: the streams between are that category's.
    const rows = this.#category.all([`${category}-`, `${category}.`, stream, revision, limit]) as Row[];
    return rows.map(eventOf);
  }

  /** The stored events at the places that an append asked for; not cut by bytes. */
  stored(writes: readonly StreamWrite[]): readonly StoredEvent[] {
    return writes.flatMap(({ stream, expectedRevision, events }) =>
      events.length === 0
        ? []
        : (this.#stream[0].all([stream, expectedRevision + 1, events.length]) as Row[]).map(eventOf),
    );
  }

  close(): void {
    this.db.close();
  }
}

const byPosition = (event: StoredEvent) => event.position;
const byRevision = (event: StoredEvent) => event.revision;
const byIndex = (event: StoredEvent) => event.index!;

/** Reads chunk after chunk until the limit, the bytes of a page or the end is reached. */
function page(
  range: ReadRange,
  read: (from: number, limit: number) => Row[],
  place: (event: StoredEvent) => number,
): StoredEvent[] {
  const events: StoredEvent[] = [];
  let bytes = 0;
  let from = range.from;
  for (;;) {
    const fitting = bytes === 0 ? CHUNK : Math.ceil(((MAX_PAGE_BYTES - bytes) * events.length) / bytes) + 1;
    const wanted = Math.min(CHUNK, fitting, range.limit - events.length);
    const rows = read(from, wanted);
    for (const row of rows) {
      bytes += row[6].byteLength;
      if (bytes > MAX_PAGE_BYTES && events.length > 0) return events;
      events.push(eventOf(row));
    }
    if (rows.length < wanted || events.length === range.limit) return events;
    from = place(events[events.length - 1]!) + (range.backwards ? -1 : 1);
  }
}

function eventOf([position, index, stream, revision, id, type, data]: Row): StoredEvent {
  return { position, index, stream, revision, id, type, data };
}
