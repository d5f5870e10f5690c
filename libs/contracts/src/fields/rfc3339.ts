const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d{1,3})?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

/** What instants may lie in, in UTC: what is earlier is a typing error, what is later cannot be written in UTC. */
const EARLIEST = Date.UTC(1900, 0, 1);
const AFTER_LATEST = Date.UTC(10_000, 0, 1);

/**
 * Whether `text` is an instant that exists: RFC 3339 with an offset and at most milliseconds, no leap second, from
 * 1900-01-01 to 9999-12-31 in UTC.
 */
export function isRfc3339(text: string): boolean {
  const match = RFC3339.exec(text);
  if (match === null) return false;
  const [, year, month, day, hour, minute, second] = match.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return false;
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]!;
  if (day < 1 || day > days) return false;
  const instant = Date.parse(text);
  return instant >= EARLIEST && instant < AFTER_LATEST;
}

/** The same instant as it is stored: UTC with milliseconds. @param text for which isRfc3339 holds */
export function normaliseInstant(text: string): string {
  return new Date(text).toISOString();
}
