import {
  type AllSlice,
  BEFORE_FIRST,
  NO_STREAM,
  type StoredEvent,
  StoreError,
  type StreamSlice,
  type StreamWrite,
} from '../eventStore.ts';
import type { ReadRange } from '../reading/readRange.ts';
import type { KurrentConnection } from './kurrentConnection.ts';
import { loggedEvent, type LoggedEvent } from './loggedEvent.ts';
import { categoryStreams, countedStreams, portStreams } from './logFilter.ts';
import { type LogPart, readPage } from './pages.ts';

/** Adds the indexes, once everything up to the events has been counted. */
export type CountEvents = (events: readonly LoggedEvent[]) => Promise<readonly StoredEvent[]>;

/** Events of a category read at once. */
const CATEGORY_PART = 500;

/**
 * Bytes of the log that a server looks through in a millisecond at the least: some 10,000 events a second, a quarter
 * of what it hands out in pages (toolchain.md). It says nothing until it has found a part, or the end: of a category
 * with few events that is a look through the whole log in one request.
 */
const SCANNED_PER_MS = 10_000;

/** The port's reads in terms of the client's. Every answer comes from the leader. */
export class KurrentReader {
  constructor(
    private readonly connection: KurrentConnection,
    private readonly count: CountEvents,
  ) {}

  async readStream(stream: string, range: ReadRange): Promise<StreamSlice> {
    const { backwards, from, limit } = range;
    const { events, end } = await readPage(limit, (last, count) =>
      this.#streamPart(
        stream,
        last === undefined ? from : last.revision + (backwards ? -1 : 1),
        backwards,
        count,
      ),
    );
    assertDense(stream, events, range);
    return { events: await this.count(events), headRevision: await this.#head(stream, range, events, end) };
  }

  async readAll({ backwards, from, limit }: ReadRange): Promise<AllSlice> {
    // The range names the first place to read; KurrentDB reads on from the position of an event.
    const after = backwards ? from + 1 : from - 1;
    const { events, end } = await readPage(limit, (last, count) =>
      this.#allPart(last?.position ?? after, backwards, count),
    );
    return { events: await this.count(events), end };
  }

  /** Counted events from the one at this position on. */
  async readCountedFrom(position: number, limit: number): Promise<readonly StoredEvent[]> {
    const { events } = await readPage(limit, async (last, count) => {
      const skip = last === undefined ? 0 : 1;
      const from = last?.position ?? position;
      const found = await this.connection.readAll({ filter: countedStreams, from, count: count + skip });
      const part = found.map(({ event }) => loggedEvent(event!));
      return {
        events: part.filter((event) => event.position > (last?.position ?? position - 1)),
        end: part.length < count + skip,
      };
    });
    return this.count(events);
  }

  /** Events of a category up to a position: what was stored when it was asked for. */
  async *readCategory(category: string, head: number): AsyncIterable<StoredEvent> {
    const filter = categoryStreams(category);
    for (let last = BEFORE_FIRST; last < head;) {
      const from = last === BEFORE_FIRST ? 'start' : last;
      const extraMs = Math.ceil((head - last) / SCANNED_PER_MS);
      const found = await this.connection.readAll({ filter, from, count: CATEGORY_PART, extraMs });
      const part = found.map(({ event }) => loggedEvent(event!));
      yield* await this.count(part.filter(({ position }) => position > last && position <= head));
      if (part.length < CATEGORY_PART) return;
      last = part.at(-1)!.position;
    }
  }

  /** Position of the last event of the port's streams, BEFORE_FIRST in an empty store. */
  async headPosition(): Promise<number> {
    const part = { filter: portStreams, from: 'end', backwards: true, count: 1 } as const;
    const [last] = await this.connection.readAll(part);
    return last?.event === undefined ? BEFORE_FIRST : loggedEvent(last.event).position;
  }

  async headRevision(stream: string): Promise<number> {
    const [last] = await this.#streamEvents(stream, 'end', true, 1);
    return last?.revision ?? NO_STREAM;
  }

  /** The events that stand where an append has its own; undefined when others stand there. */
  async standing(writes: readonly StreamWrite[]): Promise<readonly LoggedEvent[] | undefined> {
    const parts = await Promise.all(
      writes.map(async ({ stream, expectedRevision, events }) => {
        if (events.length === 0) return [];
        const { events: found } = await readPageWhole(events.length, (done) =>
          this.#streamPart(
            stream,
            expectedRevision + 1 + done,
            false,
            Math.min(events.length - done, CATEGORY_PART),
          ),
        );
        return events.every(({ id }, n) => found[n]?.id === id) ? found : undefined;
      }),
    );
    return parts.every((part) => part !== undefined) ? parts.flat() : undefined;
  }

  /** In a snapshot's sense: where the slice shows the stream's end, it is the head; else the head is asked for. */
  async #head(
    stream: string,
    { backwards, from }: ReadRange,
    events: readonly LoggedEvent[],
    end: boolean,
  ): Promise<number> {
    const first = events[0];
    const last = events.at(-1);
    if (!backwards && end && last !== undefined) return last.revision;
    if (backwards && first !== undefined && first.revision < from) return first.revision;
    const head = await this.headRevision(stream);
    // Nothing stood there when it was read; what came since is not in the answer.
    if (!backwards && last === undefined) return Math.min(head, from - 1);
    return head;
  }

  async #streamPart(stream: string, from: number, backwards: boolean, count: number): Promise<LogPart> {
    if (from < 0) return { events: [], end: true };
    const events = await this.#streamEvents(
      stream,
      from === Number.MAX_SAFE_INTEGER ? 'end' : from,
      backwards,
      count,
    );
    return { events, end: events.length < count };
  }

  async #streamEvents(
    stream: string,
    from: number | 'end',
    backwards: boolean,
    count: number,
  ): Promise<LoggedEvent[]> {
    const found = await this.connection.readStream({ stream, from, backwards, count });
    return found.map(({ event }) => loggedEvent(event!));
  }

  async #allPart(after: number, backwards: boolean, count: number): Promise<LogPart> {
    if (backwards && after <= 0) return { events: [], end: true };
    const edge = backwards ? after >= Number.MAX_SAFE_INTEGER : after === BEFORE_FIRST;
    const from = edge ? (backwards ? 'end' : 'start') : after;
    const found = await this.connection.readAll({ filter: portStreams, from, backwards, count: count + 1 });
    const events = found.map(({ event }) => loggedEvent(event!));
    return {
      events: events
        .filter(({ position }) => (backwards ? position < after : position > after))
        .slice(0, count),
      end: events.length < count + 1,
    };
  }
}

async function readPageWhole(
  wanted: number,
  read: (done: number) => Promise<LogPart>,
): Promise<{ events: LoggedEvent[] }> {
  const events: LoggedEvent[] = [];
  while (events.length < wanted) {
    const part = await read(events.length);
    events.push(...part.events);
    if (part.end) break;
  }
  return { events };
}

/** @throws StoreError `damaged` when revisions are missing: a stream was truncated */
function assertDense(stream: string, events: readonly LoggedEvent[], { backwards, from }: ReadRange): void {
  const step = backwards ? -1 : 1;
  const first = backwards ? (events[0]?.revision ?? 0) : from;
  if (events.every(({ revision }, n) => revision === first + n * step)) return;
  throw new StoreError(
    'damaged',
    `the stream ${stream} has lost events: look for $maxCount, $maxAge and $tb, restore`,
  );
}
