import { isCounted } from '@rapport/contracts';
import { BEFORE_FIRST, type StoredEvent, type StoreError } from '../eventStore.ts';
import { RecentEvents, type Room } from '../following/recentEvents.ts';
import { CountedPositions, SEGMENT_EVENTS } from './countedPositions.ts';
import { EventPlaces } from './eventPlaces.ts';
import type { LoggedEvent } from './loggedEvent.ts';
import type { PositionsEntry } from './positionsEntry.ts';
import { Retention } from './retention.ts';

/** Events of an append that is under way, by id, as far as they have come. */
export interface ExpectedEvents {
  readonly seen: Map<string, StoredEvent>;
  readonly count: number;
  forget(): void;
}

/**
 * The log as this process has counted it: takes every event once and in order, whatever comes twice and from
 * whichever source, and knows index and place of each. Pure but for waking those who wait.
 *
 * Invariant: every event of the port up to `position` was seen. Sources give events without a gap from a position
 * that was current when they were asked; so what lies at or before `position` is a duplicate and everything else
 * is next.
 */
export class CountedLog {
  readonly counted = new CountedPositions();
  readonly places = new EventPlaces();
  readonly recent: RecentEvents;
  /** Ids of the last events of segments that were counted here, by index. */
  readonly segmentIds = new Map<number, string>();
  readonly #retention = new Retention();
  readonly #expected = new Map<string, ExpectedEvents>();
  readonly #incomplete = new Set<ExpectedEvents>();
  readonly #noted: number;
  #index: number;
  #position: number;
  #lastEvent: number;
  #batch: StoredEvent[] = [];

  /**
   * @param room for the newest events
   * @param entries the sparse map
   * @param start how many of its entries lie before the place from which events will come: the others are proven
   */
  constructor(room: Room, entries: readonly PositionsEntry[] = [], start = 0) {
    for (const { positions } of entries) for (const position of positions) this.counted.add(position);
    this.#noted = this.counted.count;
    this.#index = start * SEGMENT_EVENTS;
    this.#position = start === 0 ? BEFORE_FIRST : entries[start - 1]!.position;
    this.#lastEvent = this.#position;
    this.recent = new RecentEvents(room, this.#position);
  }

  /** Position of the last event that was seen. */
  get position(): number {
    return this.#position;
  }

  /** Position to read on from: that of the last event of the port's streams. */
  get resumeFrom(): number {
    return this.#lastEvent;
  }

  /** Why the store must not be used. */
  get fault(): StoreError | undefined {
    return this.#retention.fault;
  }

  /** Collects the events of an append of this process as they come. */
  expect(ids: readonly string[]): ExpectedEvents {
    const expected: ExpectedEvents = {
      seen: new Map(),
      count: ids.length,
      forget: () => {
        for (const id of ids) this.#expected.delete(id);
        this.#incomplete.delete(expected);
      },
    };
    for (const id of ids) this.#expected.set(id, expected);
    return expected;
  }

  /** @throws MapDisagrees */
  take(event: LoggedEvent): void {
    if (event.position <= this.#position) return;
    this.#position = event.position;
    this.#lastEvent = event.position;
    const index = isCounted(event.stream) ? this.#count(event) : null;
    const stored: StoredEvent = { ...event, index };
    this.places.add(event.id, { stream: event.stream, revision: event.revision });
    this.#batch.push(stored);
    this.#collect(stored);
  }

  /** Metadata of a counted stream, `$$ticket-1`. */
  takeMetadata(stream: string, data: unknown, position: number): void {
    if (position <= this.#position) return;
    this.#position = position;
    this.#retention.see(stream, data);
  }

  /** Hands what was taken to those who follow; what one append of this process stored, they get together. */
  announce(): void {
    if (this.#incomplete.size > 0) return;
    const batch = this.#batch;
    this.#batch = [];
    this.recent.add(batch);
  }

  #collect(event: StoredEvent): void {
    const expected = this.#expected.get(event.id);
    if (expected === undefined) return;
    expected.seen.set(event.id, event);
    if (expected.seen.size < expected.count) this.#incomplete.add(expected);
    else this.#incomplete.delete(expected);
  }

  #count({ position, id }: LoggedEvent): number {
    const index = this.#index;
    this.#index += 1;
    if (index >= this.#noted) this.counted.add(position);
    else if (this.counted.at(index) !== position) throw new MapDisagrees();
    if (this.#index % SEGMENT_EVENTS === 0) this.segmentIds.set(index, id);
    return index;
  }
}

/** The sparse map says something else than the log: it is set aside and the log counted from its start. */
export class MapDisagrees extends Error {
  override readonly name = 'MapDisagrees';

  constructor() {
    super('the map of counted positions does not agree with the log');
  }
}
