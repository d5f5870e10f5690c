import { Problem, type ProblemDetails } from '@rapport/platform';
import { assertPlainJson } from '../inProcess/plainJson.ts';
import { MAX_MESSAGE_BYTES } from '../requestClient.ts';

/** Milliseconds that the sender will still wait, at the moment of sending. */
export const TIME_LEFT = 'Rapport-Time-Left';
export const CORRELATION_ID = 'Rapport-Correlation-Id';
/** W3C Trace Context names it in lower case. */
export const TRACEPARENT = 'traceparent';
/** On a reply: its body is a problem, of this kind. */
export const PROBLEM = 'Rapport-Problem';

/** `crm.<tenant>.<subject>` */
export function wireSubject(tenant: string, subject: string): string {
  return `crm.${tenant}.${subject}`;
}

/**
 * A message as it travels: UTF-8 JSON; no bytes for undefined.
 *
 * @throws Problem `too-large`, TypeError when it is no plain JSON
 */
export function encodeMessage(message: unknown): Uint8Array {
  if (message === undefined) return NOTHING;
  assertPlainJson(message);
  const bytes = Buffer.from(JSON.stringify(message), 'utf8');
  if (bytes.byteLength > MAX_MESSAGE_BYTES) throw tooLarge();
  return bytes;
}

/** @throws SyntaxError, which quotes the message and so must not be shown */
export function decodeMessage(bytes: Uint8Array): unknown {
  if (bytes.byteLength === 0) return undefined;
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
}

export function tooLarge(): Problem {
  return new Problem({
    kind: 'too-large',
    detail: `A message may have ${MAX_MESSAGE_BYTES} bytes at most.`,
  });
}

export function defect(): ProblemDetails {
  return { kind: 'internal', detail: 'Something went wrong on our side; it has been logged.' };
}

const NOTHING = new Uint8Array(0);
