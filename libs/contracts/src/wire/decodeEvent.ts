import type { Envelope, RecordedEvent } from './envelope.ts';

/** What the decoder needs of a stored event; every event store's StoredEvent fits. */
export interface EncodedEvent {
  readonly id: string;
  readonly position: number;
  readonly index: number | null;
  readonly revision: number;
  /** Canonical JSON of the envelope, UTF-8. */
  readonly data: Uint8Array;
}

// Within the process that recorded it, an event's bytes are handed around as one array: decoded once for all
// who follow. Entries go with their bytes.
const decoded = new WeakMap<Uint8Array, Envelope>();

/** The event with its place, from its stored bytes. Frozen history: whoever reads it must not change it. */
export function decodeEvent(stored: EncodedEvent): RecordedEvent {
  const envelope = decoded.get(stored.data) ?? parse(stored.data);
  return { ...envelope, id: stored.id, position: stored.position, index: stored.index, revision: stored.revision };
}

/** Says that `bytes` are the canonical JSON of `envelope`, so that nobody in this process parses them again. */
export function rememberDecoded(bytes: Uint8Array, envelope: Envelope): void {
  decoded.set(bytes, envelope);
}

function parse(bytes: Uint8Array): Envelope {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as Envelope;
}
