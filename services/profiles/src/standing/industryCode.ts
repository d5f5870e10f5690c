/** GB/T 4754-2017: the last two-digit division of each section, A to T. */
const LAST_DIVISION = [
  5, 12, 43, 46, 50, 52, 60, 62, 65, 69, 70, 72, 75, 79, 82, 83, 84, 90, 96, 97,
] as const;

/** An industry code with its section letter: `5292` is `F5292`. Codes that name no division stay as they are. */
export function withSection(code: string): string {
  if (!/^\d{2}/.test(code)) return code;
  const division = Number(code.slice(0, 2));
  const section = LAST_DIVISION.findIndex((last) => division <= last);
  return section < 0 || division === 0 ? code : `${String.fromCharCode(65 + section)}${code}`;
}

/** Length of `prefix` when the industry lies in it, else 0. */
export function matchingLength(industry: string, prefix: string): number {
  return withSection(industry).startsWith(prefix) ? prefix.length : 0;
}
