import { dayNumberAt, startOfDayNumber } from '@rapport/calendar';
import type { EpochMillis } from '@rapport/platform';
import { EntryNotes } from './entryNotes.ts';
import { type Spend, SpendEntries } from './spendEntries.ts';

/** Estimated bytes of an entry: its instant, three sums of which one is large, a note. */
const ENTRY_BYTES = 64;
const LINE_BYTES = 1_200;

/**
 * A customer's purchases and refunds in the order in which they count, with running sums: net spend and number of
 * purchases of any window are two differences. Immutable for whoever holds it: a line and those that were made from it
 * share their entries as far as they are the same. What counts last of all is added in O(1); of what counts earlier
 * only the entries around it are copied.
 */
export class SpendLine {
  static readonly empty = new SpendLine(new SpendEntries(), new EntryNotes(), 0);

  readonly #entries: SpendEntries;

  private constructor(
    entries: SpendEntries,
    /** Shared with every line that has these entries. */
    readonly notes: EntryNotes,
    readonly length: number,
  ) {
    this.#entries = entries;
  }

  /** From when the n-th counts; ascending. Undefined beyond the end. */
  from(n: number): EpochMillis | undefined {
    return n < this.length ? this.#entries.from(n) : undefined;
  }

  /** Net fen of the first n. */
  net(n: number): bigint {
    return this.#entries.net(n);
  }

  /** Purchases, without refunds, among the first n. */
  purchases(n: number): number {
    return this.#entries.purchases(n);
  }

  /** Day number of the latest purchase among the first n; undefined without one. */
  latest(n: number): number | undefined {
    const day = this.#entries.latest(n);
    return day === -Infinity ? undefined : day;
  }

  /** From when the first purchase counts; undefined without one. */
  get firstPurchase(): EpochMillis | undefined {
    return this.from(this.#entries.throughFirstPurchase() - 1);
  }

  /** How many count at an instant. */
  countUpTo(instant: EpochMillis): number {
    return this.#entries.countUpTo(instant, this.length);
  }

  /** Which entries count at an instant, of the last `days` days: those from `expired` on, before `counted`. */
  window(instant: EpochMillis, days: number): { readonly expired: number; readonly counted: number } {
    const counted = this.countUpTo(instant);
    const firstDay = dayNumberAt(instant) - days + 1;
    return { expired: Math.min(counted, this.countUpTo(startOfDayNumber(firstDay) - 1)), counted };
  }

  /**
   * @param removed entries of this line
   * @throws RangeError where one of them is not
   */
  with(added: readonly Spend[], removed: readonly Spend[] = []): SpendLine {
    const last = added.toSorted((x, y) => x.from - y.from);
    const gone = removed.toSorted((x, y) => x.from - y.from);
    const [firstAdded, firstGone] = [last[0]?.from ?? Infinity, gone[0]?.from ?? Infinity];
    // What is gone is looked for from the first entry of its instant on; what is added comes after the last of its own.
    const kept = Math.min(this.countUpTo(firstAdded), this.countUpTo(firstGone - 1));
    return kept === this.length && gone.length === 0 ? this.extended(last) : this.changed(kept, last, gone);
  }

  /** Estimated bytes of the entries. Lines that share them count them each. */
  get bytes(): number {
    return LINE_BYTES + ENTRY_BYTES * this.#entries.length;
  }

  /** With entries that count at the end, or later. */
  private extended(last: readonly Spend[]): SpendLine {
    // Another line was made from this one before. What it added is shared where it is the same.
    const same = last.findIndex((spend, i) => {
      const n = this.length + i;
      return n >= this.#entries.length || !isSame(this.#entries.at(n), spend);
    });
    const shared = this.length + (same < 0 ? last.length : same);
    const branches = this.length === 0 || (same >= 0 && shared < this.#entries.length);
    const entries = branches ? this.#entries.first(shared) : this.#entries;
    const notes = branches ? this.notes.first(shared) : this.notes;
    for (const spend of last.slice(shared - this.length)) entries.add(spend);
    return new SpendLine(entries, notes, this.length + last.length);
  }

  /** With entries that count before others, or without some. */
  private changed(kept: number, added: readonly Spend[], gone: readonly Spend[]): SpendLine {
    const entries = this.#entries.first(kept);
    const missing = new Map<string, number>();
    let n = kept;
    /** Goes on through the entries of this line that count up to an instant. */
    const go = (until: EpochMillis): void => {
      const end = this.countUpTo(until);
      if (missing.size === 0) entries.addFrom(this.#entries, n, end);
      else {
        for (; n < end; n += 1) {
          const spend = this.#entries.at(n);
          if (!taken(missing, spend)) entries.add(spend);
        }
      }
      n = Math.max(n, end);
    };
    const steps = [
      ...added.map((spend) => ({ spend, removes: false })),
      ...gone.map((spend) => ({ spend, removes: true })),
    ].sort((x, y) => x.spend.from - y.spend.from || Number(y.removes) - Number(x.removes));
    for (const { spend, removes } of steps) {
      if (removes) {
        go(spend.from - 1);
        const key = keyOf(spend);
        missing.set(key, (missing.get(key) ?? 0) + 1);
      } else {
        go(spend.from);
        entries.add(spend);
      }
    }
    go(Infinity);
    if (missing.size > 0) throw new RangeError('what is removed is not in the line');
    return new SpendLine(entries, this.notes.first(kept), entries.length);
  }
}

function isSame(x: Spend, y: Spend): boolean {
  return x.from === y.from && x.amountFen === y.amountFen;
}

function keyOf({ from, amountFen }: Spend): string {
  return `${from} ${amountFen}`;
}

/** Whether it is one of those; it is then one less. */
function taken(missing: Map<string, number>, spend: Spend): boolean {
  const key = keyOf(spend);
  const times = missing.get(key);
  if (times === undefined) return false;
  if (times === 1) missing.delete(key);
  else missing.set(key, times - 1);
  return true;
}
