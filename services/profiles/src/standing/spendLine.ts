import { dayNumberOf } from '@rapport/calendar';
import type { EpochMillis } from '@rapport/platform';
import type { Purchase } from './standingFacts.ts';
import { countsFrom, isRefund } from './standingFacts.ts';

/**
 * A customer's purchases and refunds in the order in which they count, with running sums: net spend and
 * number of purchases of any window are two differences.
 */
export interface SpendLine {
  readonly length: number;
  /** From when the i-th counts; ascending. Within its day, so the days ascend too. */
  readonly from: readonly EpochMillis[];
  /** Day number of the i-th. */
  readonly day: readonly number[];
  /** Net fen of the first i. */
  readonly net: readonly bigint[];
  /** Purchases, without refunds, among the first i. */
  readonly count: readonly number[];
  /** Day number of the latest purchase among the first i; undefined without one. */
  readonly latest: readonly (number | undefined)[];
}

export function spendLine(purchases: readonly Purchase[]): SpendLine {
  const entries = purchases.map((purchase) => ({
    purchase,
    from: countsFrom(purchase.purchasedOn, purchase.recordedAt),
  }));
  entries.sort((x, y) => x.from - y.from);
  const line = {
    length: entries.length,
    from: entries.map((entry) => entry.from),
    day: entries.map((entry) => dayNumberOf(entry.purchase.purchasedOn)),
    net: [0n],
    count: [0],
    latest: [undefined] as (number | undefined)[],
  };
  entries.forEach(({ purchase }, i) => {
    const isPurchase = !isRefund(purchase);
    line.net.push(line.net[i]! + BigInt(purchase.amountFen));
    line.count.push(line.count[i]! + (isPurchase ? 1 : 0));
    line.latest.push(isPurchase ? line.day[i] : line.latest[i]);
  });
  return line;
}

/** How many of the ascending `values` are at most `limit`. */
export function countUpTo(values: readonly number[], limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
