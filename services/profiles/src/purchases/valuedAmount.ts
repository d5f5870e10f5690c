import { profileEvents, type DataOf, type RecordPurchase } from '@rapport/contracts';
import { invalidInput } from '@rapport/platform';
import { parseFen } from '../standing/fen.ts';
import { cnyValue } from './cnyValue.ts';

export type ValuedAmount = DataOf<typeof profileEvents.PurchaseRecorded>['amount'];

/**
 * what was paid, and its value in CNY on that date.
 *
 * @throws Problem `invalid-input` for nothing at all, a rate that is missing or not wanted, and values that
 *   CNY with two decimals cannot hold
 */
export function valuedAmount({ amount: { amount, currency }, rate }: RecordPurchase): ValuedAmount {
  if (parseFen(amount) === 0) throw invalidInput('amount.amount', 'must not be zero; a refund is negative');
  if (currency === 'CNY') {
    if (rate !== undefined) throw invalidInput('rate', 'is only for other currencies than CNY: leave it out');
    return { amount, currency, cny: amount };
  }
  if (rate === undefined)
    throw invalidInput('rate', 'is needed for other currencies than CNY: that day’s rate (R-003)');
  if (/^0+(\.0+)?$/.test(rate)) throw invalidInput('rate', 'must be above zero');
  const cny = cnyValue(amount, rate);
  if (cny === undefined) throw invalidInput('amount.amount', 'is too large in CNY at this rate');
  // A refund of no fen could not be told from a purchase.
  if (parseFen(cny) === 0) throw invalidInput('amount.amount', 'is less than one fen at this rate');
  return { amount, currency, cny, rate };
}

/** A refund has a negative amount. */
export function isNegative({ cny }: ValuedAmount): boolean {
  return parseFen(cny) < 0;
}
