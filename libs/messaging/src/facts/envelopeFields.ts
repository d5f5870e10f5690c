import { decodeEvent, NoEnvelopeError, type EncodedEvent } from '@rapport/contracts';

/** What a fact needs of an event's envelope. */
export interface EnvelopeFields {
  /** 0 where the bytes are no envelope. */
  readonly version: number;
  readonly customerId?: string | undefined;
  readonly correlationId: string;
}

/** Before `data` stand five short ids; behind it, at the end, version and service. */
const HEAD = 640;
const TAIL = 128;
const END = /,"version":(\d{1,9}),"via":"[a-z-]+"\}$/;
const PLAIN = /^[\w.:-]*$/;

/**
 * Reads the few fields out of the stored bytes, without parsing what is between: decoding whole envelopes is a third
 * of what a relay that catches up costs. Stored bytes are canonical JSON, so the keys stand in their order, and a
 * quote inside of a text is escaped: `,"data":` can't be part of one. Anything unusual is decoded whole. What is no
 * envelope is a fact all the same, or every later one would wait for it: of no known version, customer or command.
 */
export function envelopeFields(event: EncodedEvent): EnvelopeFields {
  const { data } = event;
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const head = bytes.toString('latin1', 0, HEAD);
  const body = head.indexOf(',"data":');
  const end = END.exec(bytes.toString('latin1', Math.max(0, bytes.length - TAIL)));
  if (body < 0 || end === null || !head.startsWith('{"actor":"')) return decoded(event);
  const correlationId = idBefore(head, ',"correlationId":"', body);
  const customerId = idBefore(head, ',"customerId":"', body);
  if (correlationId === undefined || correlationId === null || customerId === null) return decoded(event);
  return { version: Number(end[1]), customerId, correlationId };
}

function decoded(event: EncodedEvent): EnvelopeFields {
  try {
    return decodeEvent(event);
  } catch (error) {
    if (error instanceof NoEnvelopeError) return NO_FIELDS;
    throw error;
  }
}

/** Versions begin with 1. */
const NO_FIELDS: EnvelopeFields = { version: 0, correlationId: '' };

/** The text of a key before a place; undefined where the key is not there, null where it is not plain. */
function idBefore(head: string, key: string, place: number): string | undefined | null {
  const at = head.indexOf(key);
  if (at < 0 || at > place) return undefined;
  const from = at + key.length;
  const text = head.slice(from, head.indexOf('"', from));
  return PLAIN.test(text) ? text : null;
}
