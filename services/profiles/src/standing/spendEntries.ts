import { dayNumberAt } from '@rapport/calendar';
import type { EpochMillis } from '@rapport/platform';
import type { Fen } from './fen.ts';

/** A purchase, or a refund where the amount is negative, from the instant on from which it counts. */
export interface Spend {
  /** Lies within the day of the purchase. */
  readonly from: EpochMillis;
  readonly amountFen: Fen;
}

/** A refund is not a purchase: it lowers spend, and nothing else. */
export function isRefund({ amountFen }: Pick<Spend, 'amountFen'>): boolean {
  return amountFen < 0;
}

/** What the first of some entries come to. */
export interface Sums {
  readonly net: bigint;
  /** Without refunds. */
  readonly purchases: number;
  /** Day number of the latest purchase; -Infinity without one. */
  readonly latest: number;
}

const NOTHING: Sums = { net: 0n, purchases: 0, latest: -Infinity };

/** Entries of a block. A copy of one costs little, and there are few of them even where there are 100,000 entries. */
const BLOCK = 256;

/** Consecutive entries, with sums that begin at the block's first. Only ever added to. */
class Block {
  constructor(
    readonly from: EpochMillis[] = [],
    readonly net: bigint[] = [0n],
    readonly purchases: number[] = [0],
    readonly latest: number[] = [-Infinity],
  ) {}

  add({ from, amountFen }: Spend): void {
    const n = this.from.length;
    const isPurchase = !isRefund({ amountFen });
    this.from.push(from);
    this.net.push(this.net[n]! + BigInt(amountFen));
    this.purchases.push(this.purchases[n]! + (isPurchase ? 1 : 0));
    this.latest.push(isPurchase ? dayNumberAt(from) : this.latest[n]!);
  }

  at(n: number): Spend {
    return { from: this.from[n]!, amountFen: Number(this.net[n + 1]! - this.net[n]!) };
  }

  first(n: number): Block {
    return new Block(
      this.from.slice(0, n),
      this.net.slice(0, n + 1),
      this.purchases.slice(0, n + 1),
      this.latest.slice(0, n + 1),
    );
  }
}

/** A block as it stands among others, which may share it: no more of it than `size` is meant. */
interface Placed {
  readonly block: Block;
  readonly start: number;
  /** Of everything before it. */
  readonly before: Sums;
  size: number;
  /** Nobody else has it. */
  readonly own: boolean;
}

/** Entries in the order in which they count, and what the first n of them come to. Only ever added to. */
export class SpendEntries {
  private readonly placed: Placed[] = [];
  private count = 0;

  get length(): number {
    return this.count;
  }

  add(spend: Spend): void {
    let last = this.placed.at(-1);
    if (last === undefined || last.size === BLOCK) last = this.place(new Block(), 0, true);
    else if (!last.own) {
      this.placed.pop();
      last = this.place(last.block.first(last.size), last.size, true, last.start);
    }
    last.block.add(spend);
    last.size += 1;
    this.count += 1;
  }

  at(n: number): Spend {
    const { block, start } = this.placed[this.find(n)]!;
    return block.at(n - start);
  }

  from(n: number): EpochMillis {
    const { block, start } = this.placed[this.find(n)]!;
    return block.from[n - start]!;
  }

  /** Of the first n. */
  net(n: number): bigint {
    if (n === 0) return 0n;
    const { block, start, before } = this.placed[this.find(n - 1)]!;
    return before.net + block.net[n - start]!;
  }

  purchases(n: number): number {
    if (n === 0) return 0;
    const { block, start, before } = this.placed[this.find(n - 1)]!;
    return before.purchases + block.purchases[n - start]!;
  }

  latest(n: number): number {
    if (n === 0) return -Infinity;
    const { block, start, before } = this.placed[this.find(n - 1)]!;
    return Math.max(before.latest, block.latest[n - start]!);
  }

  /** How many of the first `length` count at an instant. */
  countUpTo(instant: EpochMillis, length: number): number {
    const { placed } = this;
    let low = 0;
    let high = placed.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (placed[middle]!.block.from[0]! <= instant) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return 0;
    const { block, start, size } = placed[low - 1]!;
    return Math.min(length, start + firstAbove(block.from, size, instant));
  }

  /** How many there are up to the first purchase; more than there are without one. */
  throughFirstPurchase(): number {
    const { placed } = this;
    let low = 0;
    let high = placed.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (placed[middle]!.before.purchases === 0) low = middle + 1;
      else high = middle;
    }
    if (low === 0) return 1;
    const { block, start, size } = placed[low - 1]!;
    return start + firstAbove(block.purchases, size + 1, 0);
  }

  /** The first n, which may be gone on from. Shares what it can. */
  first(n: number): SpendEntries {
    const first = new SpendEntries();
    first.addFrom(this, 0, n);
    return first;
  }

  /** Adds those of others from `start` on, before `end`. Shares whole blocks. */
  addFrom(others: SpendEntries, start: number, end: number): void {
    for (let n = start; n < end;) {
      const { block, start: begin, size } = others.placed[others.find(n)]!;
      const until = Math.min(begin + size, end);
      const fits = (this.placed.at(-1)?.size ?? BLOCK) + until - n <= BLOCK;
      if (n === begin && !fits) this.count = this.place(block, until - n, false).start + until - n;
      else for (let i = n; i < until; i += 1) this.add(block.at(i - begin));
      n = until;
    }
  }

  private place(block: Block, size: number, own: boolean, start = this.count): Placed {
    const last = this.placed.at(-1);
    const before = last === undefined ? NOTHING : sumsThrough(last);
    const placed = { block, start, before, size, own };
    this.placed.push(placed);
    return placed;
  }

  /** The place of the block that has an entry. */
  private find(n: number): number {
    const { placed } = this;
    let low = 0;
    let high = placed.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (placed[middle]!.start <= n) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function sumsThrough({ block, before, size }: Placed): Sums {
  return {
    net: before.net + block.net[size]!,
    purchases: before.purchases + block.purchases[size]!,
    latest: Math.max(before.latest, block.latest[size]!),
  };
}

/** The place of the first of ascending values that is above a limit; `length` where none of so many is. */
function firstAbove(ascending: readonly number[], length: number, limit: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
