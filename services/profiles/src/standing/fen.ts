/**
 * Money is counted in fen, 1/100 CNY, never in floating-point yuan. One amount is a safe integer; sums are
 * bigint, so that no number of purchases overflows.
 */
export type Fen = number;

const AMOUNT = /^(-?)(0|[1-9]\d{0,12})(?:\.(\d{1,2}))?$/;

/**
 * Fen of an amount of CNY as text: `500000.00`, `-150000.5`, `12`.
 *
 * @throws RangeError for anything else; the message never holds the amount
 */
export function parseFen(amount: string): Fen {
  const match = AMOUNT.exec(amount);
  if (match === null) {
    throw new RangeError(
      'not an amount: expected decimal text such as "500000.00", at most 13 digits before and 2 after the point',
    );
  }
  const fen = Number(match[2]) * 100 + Number((match[3] ?? '').padEnd(2, '0'));
  return match[1] === '-' && fen !== 0 ? -fen : fen;
}

/** An amount of CNY with two decimals, `-150000.00`. */
export function formatFen(fen: bigint | Fen): string {
  const value = BigInt(fen);
  const digits = String(value < 0n ? -value : value).padStart(3, '0');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
