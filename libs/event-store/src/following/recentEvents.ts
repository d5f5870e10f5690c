import { BEFORE_FIRST, type StoredEvent, type StoreError } from '../eventStore.ts';
import { storedEventBytes } from './storedEventBytes.ts';

/** What is kept for followers at most: enough for the swings of live following. */
export const RECENT_EVENTS = 8_192;

/** Where it says what it holds, and hears how much that may be: a CachePart. */
export interface Room {
  bytes: number;
  readonly limit: number;
}

/**
 * The last events that this process appended, so that a follower at the head never reads the database, and the
 * bell that wakes followers. Bounded by count and bytes: a follower that falls behind reads pages until it has caught up.
 *
 * Invariant: every event after `#floor` that was announced is held. Whoever is at the floor or after it can be
 * served from here without a gap.
 */
export class RecentEvents {
  readonly #waiting = new Set<() => void>();
  #events: StoredEvent[] = [];
  #start = 0;
  #bytes = 0;
  #version = 0;
  #ended = false;
  #failure: StoreError | undefined;

  constructor(
    private readonly room: Room,
    private floor: number = BEFORE_FIRST,
    private readonly maxEvents: number = RECENT_EVENTS,
  ) {}

  /** Changes whenever a follower has reason to look again. */
  get version(): number {
    return this.#version;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get failure(): StoreError | undefined {
    return this.#failure;
  }

  /**
   * Everything after this position will be announced. Who looked before that was known looks again: what was recorded
   * between the two never will be.
   */
  begin(position: number): void {
    this.floor = position;
    this.#wake();
  }

  /** Announces events in store order, each once. */
  add(events: readonly StoredEvent[]): void {
    if (events.length === 0) return;
    if (this.floor === UNKNOWN) this.floor = events[0]!.position - 1;
    for (const event of events) {
      this.#events.push(event);
      this.#bytes += storedEventBytes(event);
    }
    this.#shrink();
    this.#wake();
  }

  /** What was stored is uncertain (a failed commit): followers must read the store before they go on live. */
  forget(): void {
    this.#events = [];
    this.#start = 0;
    this.#bytes = 0;
    this.room.bytes = 0;
    this.floor = UNKNOWN;
    this.#wake();
  }

  /** Followers end; with a failure they throw it. The first end counts. */
  end(failure?: StoreError): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.#wake();
  }

  /** Up to `limit` events after `position`; undefined when they are not all held here. */
  after(position: number, limit: number): readonly StoredEvent[] | undefined {
    if (position < this.floor) return undefined;
    const from = this.#search(position);
    return this.#events.slice(from, from + limit);
  }

  /** Resolves once `version` is no longer current, or when `signal` aborts. */
  changed(version: number, signal: AbortSignal): Promise<void> {
    if (this.#version !== version || signal.aborted || this.#ended) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake);
    });
  }

  #wake(): void {
    this.#version += 1;
    for (const wake of this.#waiting) wake();
  }

  #shrink(): void {
    while (this.#events.length - this.#start > this.maxEvents || this.#bytes > this.room.limit) {
      const event = this.#events[this.#start]!;
      this.floor = event.position;
      this.#bytes -= storedEventBytes(event);
      this.#start += 1;
    }
    // Before what was dropped is half of the list: it is held for as long as it stands there.
    if (this.#start * 2 > this.#events.length) {
      this.#events = this.#events.slice(this.#start);
      this.#start = 0;
    }
    this.room.bytes = this.#bytes;
  }

  /** First place in `#events` that lies after `position`. */
  #search(position: number): number {
    let low = this.#start;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#events[middle]!.position > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Floor above every position: nobody is served from memory. */
const UNKNOWN = Number.POSITIVE_INFINITY;
