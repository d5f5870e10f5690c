import { hash } from 'node:crypto';
import { uuid5 } from './uuid5.ts';

/**
 * Id of an event: UUIDv5 in the namespace of its command, over stream, n and payload, so that a repeated
 * append of the same bytes is recognised and another payload never passes as the same event (contract.md).
 *
 * @param n place of the event among those that the command appends to this stream, from 0
 * @param bytes the stored bytes
 */
export function eventId(commandId: string, stream: string, n: number, bytes: Uint8Array): string {
  return uuid5(commandId, `${stream}\n${n}\n${hash('sha256', bytes, 'hex')}`);
}
