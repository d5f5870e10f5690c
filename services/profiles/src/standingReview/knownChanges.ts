import { KnownFacts } from './knownFacts.ts';
import type { PurchaseChange, StandingChange } from './standingChange.ts';

type Recorded = PurchaseChange & Pick<StandingChange, 'recordedAt'>;

/** Estimated bytes of a change: an object of seven fields, an id of 36 characters, its places in list and index. */
const CHANGE_BYTES = 260;
const CHANGES_BYTES = 600;

/** Changes in order of index, and what was worked out from them. Only ever added to. */
class ChangeLog {
  readonly changes: StandingChange[] = [];
  /** Place of the change before it about the same purchase; -1 for none. */
  private readonly previous: number[] = [];
  private readonly last = new Map<string, number>();
  /** What the last decision knew, and what was asked for last. */
  base = KnownFacts.none;
  head = KnownFacts.none;
  /** So many changed nothing for a decision that starts as this says. */
  quiet = { start: '', through: 0 };

  add(change: StandingChange): void {
    const place = this.changes.length;
    this.changes.push(change);
    const about = 'purchaseId' in change ? change.purchaseId : undefined;
    this.previous.push(about === undefined ? -1 : (this.last.get(about) ?? -1));
    if (about !== undefined) this.last.set(about, place);
  }

  /** The purchase, where the changes before a place leave it counting. */
  readonly counting = (purchaseId: string, before: number): Recorded | undefined => {
    let place = this.last.get(purchaseId) ?? -1;
    while (place >= before) place = this.previous[place]!;
    const change = this.changes[place];
    return change?.kind === 'purchase' ? change : undefined;
  };
}

/**
 * Everything recorded that a customer's standing follows from, in order of index. Immutable for whoever holds it: what
 * is added is shared with those that were there before, and so is what was worked out for any of them.
 */
export class KnownChanges implements Iterable<StandingChange> {
  readonly #log: ChangeLog;
  readonly length: number;

  private constructor(log: ChangeLog, length: number) {
    this.#log = log;
    this.length = length;
  }

  static of(changes: KnownChanges | Iterable<StandingChange>): KnownChanges {
    if (changes instanceof KnownChanges) return changes;
    return new KnownChanges(new ChangeLog(), 0).with(changes);
  }

  /** @throws RangeError for a change that does not follow in order of index */
  with(changes: Iterable<StandingChange>): KnownChanges {
    let log = this.#log;
    let { length } = this;
    for (const change of changes) {
      if (length > 0 && change.index <= log.changes[length - 1]!.index) {
        throw new RangeError(`the change at index ${change.index} does not follow those that are known`);
      }
      // Somebody else went on from here with others.
      if (length < log.changes.length) log = copyOf(log, length);
      log.add(change);
      length += 1;
    }
    return new KnownChanges(log, length);
  }

  at(place: number): StandingChange | undefined {
    return place < this.length ? this.#log.changes[place] : undefined;
  }

  [Symbol.iterator](): Iterator<StandingChange> {
    return this.from(0);
  }

  /** Those from a place on. */
  *from(place: number): Generator<StandingChange> {
    for (let next = place; next < this.length; next += 1) yield this.#log.changes[next]!;
  }

  /** How many were recorded up to an index. */
  through(index: number): number {
    const { changes } = this.#log;
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (changes[middle]!.index <= index) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** What the first n leave: worked out from what was asked for last, or from what a decision began with. */
  facts(n: number): KnownFacts {
    const log = this.#log;
    const known = [log.head, log.base, KnownFacts.none].find(({ changes }) => changes <= n)!;
    log.head = known.with(log.changes.slice(known.changes, n), log.counting);
    return log.head;
  }

  /** The same for a decision: what it goes on from is kept until the next one. */
  decidedFacts(n: number): KnownFacts {
    this.#log.base = this.facts(n);
    return this.#log.base;
  }

  /**
   * How many of the first changed nothing, as was noted for a decision that starts so: walked through once, they need
   * not be walked through again.
   *
   * @param start everything that a walk depends on beside the changes
   */
  quietThrough(start: string): number {
    const { quiet } = this.#log;
    return quiet.start === start && quiet.through <= this.length ? quiet.through : 0;
  }

  noteQuiet(start: string, through: number): void {
    this.#log.quiet = { start, through };
  }

  /** Estimated bytes of the changes and of what was worked out from them, whoever shares them. */
  get bytes(): number {
    const { changes, base, head } = this.#log;
    const lines = new Set([base.history.line.notes, head.history.line.notes]);
    const bytesOfLines =
      lines.size === 1 ? head.history.line.bytes : base.history.line.bytes + head.history.line.bytes;
    return CHANGES_BYTES + CHANGE_BYTES * changes.length + bytesOfLines;
  }
}

function copyOf(log: ChangeLog, length: number): ChangeLog {
  const copy = new ChangeLog();
  for (const change of log.changes.slice(0, length)) copy.add(change);
  return copy;
}
