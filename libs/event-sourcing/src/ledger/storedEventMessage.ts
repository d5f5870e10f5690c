import { isUtf8 } from 'node:buffer';
import type { StoredEvent } from '@rapport/event-store';
import { firstThatFit, MAX_MESSAGE_BYTES } from '@rapport/messaging';

/** A stored event in a message: its bytes as the text that they are. */
export interface StoredEventMessage extends Omit<StoredEvent, 'data'> {
  /** The bytes as UTF-8 text; where `encoding` says so, in base64. */
  readonly data: string;
  readonly encoding?: 'base64';
}

/** What a page may take up of a message: its other fields take up the rest. */
const PAGE_BYTES = MAX_MESSAGE_BYTES - 1024;
/** Names, numbers and id of one event in a message. */
const PLACE_BYTES = 256;

export function toMessage(event: StoredEvent): StoredEventMessage {
  return encode(event).message;
}

/** The same event, its bytes the same one by one. */
export function fromMessage({ data, encoding, ...place }: StoredEventMessage): StoredEvent {
  return { ...place, data: Buffer.from(data, encoding ?? 'utf8') };
}

/** As many of the first events as one message carries, never fewer than one where there is one. */
export function toPage(events: readonly StoredEvent[]): readonly StoredEventMessage[] {
  return firstThatFit(encoded(events), PAGE_BYTES, ({ size }) => size).map(({ message }) => message);
}

interface Encoded {
  readonly message: StoredEventMessage;
  /** Bytes that the message takes up at most, as JSON. */
  readonly size: number;
}

function* encoded(events: readonly StoredEvent[]): Iterable<Encoded> {
  for (const event of events) yield encode(event);
}

function encode({ data, ...place }: StoredEvent): Encoded {
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  const names = PLACE_BYTES + 3 * (place.stream.length + place.type.length);
  const [asText, asBase64] = [textBytes(bytes), base64Bytes(bytes)];
  // Quotes are escaped once more: what is made of quotes alone would outgrow a message as text.
  if (asText <= asBase64 && isUtf8(bytes)) {
    return { message: { ...place, data: bytes.toString('utf8') }, size: names + asText };
  }
  return {
    message: { ...place, data: bytes.toString('base64'), encoding: 'base64' },
    size: names + asBase64,
  };
}

/** Length in bytes as a JSON string of what is UTF-8 text. */
function textBytes(bytes: Uint8Array): number {
  let escapes = 0;
  for (const byte of bytes) {
    if (byte < 0x20) escapes += 5;
    else if (byte === QUOTE || byte === BACKSLASH) escapes += 1;
  }
  return bytes.byteLength + escapes;
}

function base64Bytes({ byteLength }: Uint8Array): number {
  return Math.ceil(byteLength / 3) * 4;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
