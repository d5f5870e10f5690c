import { formatFen, parseFen } from '../standing/fen.ts';

/** Most fen that an amount of the public language can hold: 13 digits before the point. */
const MOST_FEN = 999_999_999_999_999n;
const RATE = /^(\d{1,6})(?:\.(\d{1,8}))?$/;
const RATE_SCALE = 100_000_000n;

/**
 * an amount in CNY at a rate, exactly: integers of 1/100 times integers of 10⁻⁸, rounded once, half up to
 * the fen by magnitude (−0.005 is −0.01), so that a refund of the same amount at the same rate takes back exactly
 * what the purchase gave.
 *
 * @param amount two decimals, `-100.00`
 * @param rate CNY for one unit, up to eight decimals, `7.1205`
 * @returns two decimals; undefined where it has more than 13 digits before the point
 * @throws RangeError when either is not such a text; the message never holds it
 */
export function cnyValue(amount: string, rate: string): string | undefined {
  const match = RATE.exec(rate);
  if (match === null) throw new RangeError('not a rate: expected decimal text such as "7.1205"');
  const scaled = BigInt(match[1]!) * RATE_SCALE + BigInt((match[2] ?? '').padEnd(8, '0'));
  const fen = BigInt(parseFen(amount));
  const product = (fen < 0n ? -fen : fen) * scaled;
  const rounded = (product + RATE_SCALE / 2n) / RATE_SCALE;
  return rounded > MOST_FEN ? undefined : formatFen(fen < 0n ? -rounded : rounded);
}
