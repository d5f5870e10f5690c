import { categoryOf, isCounted } from '@rapport/contracts';
import { assertAppendRequest, idStoredElsewhere } from '../appending/appendRequest.ts';
import {
  type AllSlice,
  type AppendResult,
  BEFORE_FIRST,
  type EventStore,
  type FollowOptions,
  type ReadAllOptions,
  type ReadStreamOptions,
  type StoredEvent,
  StoreError,
  type StoreHead,
  type StreamSlice,
  type StreamWrite,
} from '../eventStore.ts';
import { followLog } from '../following/followLog.ts';
import { RecentEvents } from '../following/recentEvents.ts';
import { allRange, countedRange, MAX_PAGE_BYTES, type ReadRange, streamRange } from '../reading/readRange.ts';

/**
 * The model: the port's promises in the plainest code, for tests and simulation. Deterministic, without a clock,
 * and durable for as long as the object lives. Positions have gaps, so that nobody relies on their being dense.
 */
export class MemoryEventStore implements EventStore {
  readonly #all: StoredEvent[] = [];
  readonly #counted: StoredEvent[] = [];
  readonly #streams = new Map<string, StoredEvent[]>();
  readonly #ids = new Set<string>();
  readonly #recent = new RecentEvents({ bytes: 0, limit: Infinity });
  #closed = false;

  async append(writes: readonly StreamWrite[]): Promise<AppendResult> {
    this.#assertOpen();
    assertAppendRequest(writes);
    const conflicts = writes
      .map(({ stream, expectedRevision }) => ({
        stream,
        expectedRevision,
        actualRevision: this.#stream(stream).length - 1,
      }))
      .filter((write) => write.actualRevision !== write.expectedRevision);
    if (conflicts.length > 0) {
      const events = this.#repeated(writes);
      return events === undefined ? { status: 'conflict', conflicts } : { status: 'appended', events };
    }
    if (writes.some((write) => write.events.some(({ id }) => this.#ids.has(id)))) throw idStoredElsewhere();
    const events = writes.flatMap((write) => write.events.map((event) => this.#store(write.stream, event)));
    this.#recent.add(events);
    return { status: 'appended', events };
  }

  async readStream(stream: string, options?: ReadStreamOptions): Promise<StreamSlice> {
    this.#assertOpen();
    const events = this.#stream(stream);
    return {
      events: page(events, streamRange(options), ({ revision }) => revision),
      headRevision: events.length - 1,
    };
  }

  async readAll(options?: ReadAllOptions): Promise<AllSlice> {
    this.#assertOpen();
    const range = allRange(options);
    const events = page(this.#all, range, ({ position }) => position);
    const last = range.backwards ? this.#all[0] : this.#all.at(-1);
    const end = events.length === 0 || events.at(-1) === last;
    return { events, end };
  }

  async readCounted(fromIndex: number, limit: number): Promise<readonly StoredEvent[]> {
    this.#assertOpen();
    return page(this.#counted, countedRange(fromIndex, limit), ({ index }) => index!);
  }

  async *readCategory(category: string): AsyncIterable<StoredEvent> {
    this.#assertOpen();
    for (const [stream, events] of Array.from(this.#streams)) {
      if (categoryOf(stream) === category) yield* events.slice();
    }
  }

  follow(options: FollowOptions): AsyncIterable<readonly StoredEvent[]> {
    const read = async (after: number, limit: number) =>
      this.#closed ? [] : (await this.readAll({ after, limit })).events;
    return followLog(this.#recent, read, options);
  }

  async head(): Promise<StoreHead> {
    this.#assertOpen();
    return { position: this.#all.at(-1)?.position ?? BEFORE_FIRST, index: this.#counted.length - 1 };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#recent.end();
  }

  #assertOpen(): void {
    if (this.#closed) throw new StoreError('closed', 'the event store is closed');
  }

  #stream(stream: string): readonly StoredEvent[] {
    return this.#streams.get(stream) ?? [];
  }

  /** The stored events when every event of the request stands where the request wants it. */
  #repeated(writes: readonly StreamWrite[]): StoredEvent[] | undefined {
    const stored: StoredEvent[] = [];
    for (const { stream, expectedRevision, events } of writes) {
      for (let n = 0; n < events.length; n += 1) {
        const event = this.#stream(stream)[expectedRevision + 1 + n];
        if (event?.id !== events[n]!.id) return undefined;
        stored.push(event);
      }
    }
    return stored.length > 0 ? stored : undefined;
  }

  #store(stream: string, { id, type, data }: { id: string; type: string; data: Uint8Array }): StoredEvent {
    const revision = this.#stream(stream).length;
    const index = isCounted(stream) ? this.#counted.length : null;
    const position = (this.#all.at(-1)?.position ?? BEFORE_FIRST) + 1 + (data.byteLength % 7);
    const event: StoredEvent = { position, index, stream, revision, id, type, data: new Uint8Array(data) };
    this.#all.push(event);
    if (index !== null) this.#counted.push(event);
    if (revision === 0) this.#streams.set(stream, [event]);
    else this.#streams.get(stream)!.push(event);
    this.#ids.add(id);
    return event;
  }
}

/** Events are in ascending order of `place`. */
function page(
  events: readonly StoredEvent[],
  range: ReadRange,
  place: (event: StoredEvent) => number,
): readonly StoredEvent[] {
  const step = range.backwards ? -1 : 1;
  const result: StoredEvent[] = [];
  let bytes = 0;
  let at = range.backwards ? below(events, range.from + 1, place) - 1 : below(events, range.from, place);
  for (; at >= 0 && at < events.length && result.length < range.limit; at += step) {
    bytes += events[at]!.data.byteLength;
    if (bytes > MAX_PAGE_BYTES && result.length > 0) break;
    result.push(events[at]!);
  }
  return result;
}

/** How many events lie below `limit`. */
function below(events: readonly StoredEvent[], limit: number, place: (event: StoredEvent) => number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (place(events[middle]!) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
