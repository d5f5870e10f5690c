import { isPlainDate, startOfDay } from '@rapport/calendar';
import { toInstant } from '@rapport/platform';
import { RowError } from './rowError.ts';

type Values = Readonly<Record<string, string>>;

/** @throws RowError when the column is empty */
export function required(row: Values, name: string, column: string): string {
  const value = row[name];
  if (value === undefined) throw new RowError(column, 'is missing');
  return value;
}

/** `2024-3-5`, `2024/03/05` and `2024年3月5日` are 2024-03-05. @throws RowError */
export function dateIn(text: string, column: string): string {
  const match = /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?$/.exec(text);
  const date =
    match === null ? text : `${match[1]}-${match[2]!.padStart(2, '0')}-${match[3]!.padStart(2, '0')}`;
  if (!isPlainDate(date)) throw new RowError(column, 'is not a date that exists; write it as 2024-03-15');
  return date;
}

/** An integer from `min` to `max`. @throws RowError */
export function scoreIn(text: string, column: string, min: number, max: number): number {
  const score = Number(text);
  if (!Number.isInteger(score) || score < min || score > max) {
    throw new RowError(column, `must be a whole number from ${min} to ${max}`);
  }
  return score;
}

/** `1,234.5`, `￥1234` and `1234.50` are decimals with two places. @throws RowError */
export function amountIn(text: string, column: string): string {
  const match = /^([-−]?)[¥￥]?(\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.(\d{1,2}))?元?$/.exec(text);
  if (match === null) throw new RowError(column, 'is not an amount; write it as 500000.00');
  const whole = match[2]!.replaceAll(/[,，]/g, '').replace(/^0+(?=\d)/, '');
  return `${match[1] === '' ? '' : '-'}${whole}.${(match[3] ?? '').padEnd(2, '0')}`;
}

/** The instant at which a day begins. */
export function beginning(date: string): string {
  return toInstant(startOfDay(date));
}

/** One of the words of a column. @throws RowError naming those that are known */
export function wordIn<T extends string>(
  text: string,
  column: string,
  words: Readonly<Record<string, T>>,
): T {
  const word = Object.hasOwn(words, text) ? words[text] : undefined;
  if (word === undefined) throw new RowError(column, `must be one of ${Object.keys(words).join(', ')}`);
  return word;
}
