/** Where in which log something is: the answer of a command, the `after` of a query. */
export interface PositionToken {
  readonly logId: string;
  readonly position: number;
}

const TOKEN = /^([0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12})\.(0|[1-9]\d{0,15})$/;

export function formatPositionToken(token: PositionToken): string {
  return `${token.logId}.${token.position}`;
}

/** undefined when `text` is no position token. */
export function parsePositionToken(text: string): PositionToken | undefined {
  const match = TOKEN.exec(text);
  if (match === null) return undefined;
  const position = Number(match[2]);
  return Number.isSafeInteger(position) ? { logId: match[1]!, position } : undefined;
}
