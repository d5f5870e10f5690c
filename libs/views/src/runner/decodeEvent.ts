import type { Envelope, RecordedEvent } from '@rapport/contracts';
import type { StoredEvent } from '@rapport/event-store';

/**
 * The stored bytes as an envelope, with the event's place.
 *
 * @throws Error naming the position when the bytes are no envelope
 */
export function decodeEvent(stored: StoredEvent): RecordedEvent {
  const { data, id, position, index, revision } = stored;
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
  let envelope: Envelope;
  try {
    envelope = JSON.parse(text) as Envelope;
  } catch {
    // The parser's message quotes the text, which may be personal.
    throw new Error(`the event at position ${position} is no JSON: the store is damaged`);
  }
  // Added in place: a copy of each envelope costs a fifth of the time that reading the log takes.
  return Object.assign(envelope, { id, position, index, revision });
}
