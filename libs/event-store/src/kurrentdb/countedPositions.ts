import { StoreError } from '../eventStore.ts';

/** Counted events of one segment; its last event is what the sparse map notes. */
export const SEGMENT_EVENTS = 1_000;

/**
 * The positions of all counted events in order of index: 8 bytes an event. With them an index is a search in
 * memory in both directions, however scattered the events of a stream lie.
 *
 * A position that is added again must be the one that is there: whoever counts again from an earlier place proves
 * what was noted.
 */
export class CountedPositions {
  readonly #segments: Float64Array[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Position of the last counted event. */
  get last(): number | undefined {
    return this.#count === 0 ? undefined : this.at(this.#count - 1);
  }

  /** The next counted event. Positions grow. */
  add(position: number): void {
    const place = this.#count % SEGMENT_EVENTS;
    if (place === 0) this.#segments.push(new Float64Array(SEGMENT_EVENTS));
    this.#segments[this.#segments.length - 1]![place] = position;
    this.#count += 1;
  }

  /** @param index below `count` */
  at(index: number): number {
    return this.#segments[Math.floor(index / SEGMENT_EVENTS)]![index % SEGMENT_EVENTS]!;
  }

  /** A whole segment. */
  segment(n: number): Float64Array {
    return this.#segments[n]!;
  }

  /** How many counted events lie at the position or before it. */
  countThrough(position: number): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Index of the counted event that stands at exactly this position. @throws StoreError `damaged` when none does */
  indexOf(position: number): number {
    const index = this.countThrough(position) - 1;
    if (index < 0 || this.at(index) !== position) {
      throw new StoreError(
        'damaged',
        `position ${position} was not counted: start again to count the log anew`,
      );
    }
    return index;
  }
}
