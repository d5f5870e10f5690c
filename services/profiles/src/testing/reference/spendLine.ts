import { dayNumberOf } from '@rapport/calendar';
import type { EpochMillis } from '@rapport/platform';
import type { Purchase } from '../../standing/standingFacts.ts';
import { isRefund } from '../../standing/spendEntries.ts';
import { countsFrom } from '../../standing/standingFacts.ts';

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
  const entries = purchases.map((purchase) => {
    const day = dayNumberOf(purchase.purchasedOn);
    return { purchase, day, from: countsFrom(day, purchase.recordedAt) };
  });
  entries.sort((x, y) => x.from - y.from);
  const net = [0n];
  const count = [0];
  const latest: (number | undefined)[] = [undefined];
  entries.forEach(({ purchase, day }, i) => {
    const isPurchase = !isRefund(purchase);
    net.push(net[i]! + BigInt(purchase.amountFen));
    count.push(count[i]! + (isPurchase ? 1 : 0));
    latest.push(isPurchase ? day : latest[i]);
  });
  return {
    length: entries.length,
    from: entries.map((entry) => entry.from),
    day: entries.map((entry) => entry.day),
    net,
    count,
    latest,
  };
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
