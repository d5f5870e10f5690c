import { textBytes } from '@rapport/platform';
import type { StoredEvent } from '../eventStore.ts';

/** The object, its position, the array of its bytes and the type's text. */
const STORED_EVENT = 400;
/** What an event is decoded to: its objects and the heads of its texts, and the texts. */
const DECODED = 600;
const DECODED_PER_BYTE = 1.2;

/** Estimated bytes of a stored event on the heap, once it is decoded for those who follow. */
export function storedEventBytes({ stream, data }: StoredEvent): number {
  return STORED_EVENT + textBytes(stream) + DECODED + (1 + DECODED_PER_BYTE) * data.byteLength;
}
