import { isUnreadable, type CurrentEvent } from '@rapport/contracts';
import type { Projection } from '../projection.ts';
import type { LogEvent } from './eventLog.ts';
import { isStreamKey } from './streamKey.ts';

/** What the API takes, and far more than a name needs. */
const LONGEST_KEY = 200;
/** What engines cut off or replace: U+0000 and halves of surrogate pairs. */
const UNSAFE = /[\0\p{Surrogate}]/u;

/**
 * Keys of the documents that an event touches, each once.
 *
 * @throws UnreadableEvent, InvalidKey, or what the projection throws: nobody knows then which they are
 */
export function keysOf(projection: Pick<Projection, 'keys'>, event: LogEvent): readonly string[] {
  if (isUnreadable(event)) throw new UnreadableEvent(event.unreadable);
  return validKeys(projection.keys(event));
}

/** Keys that an event touches as far as anybody can tell: by what is stored where it cannot be read, none where nobody can. */
export function guessedKeys(projection: Pick<Projection, 'keys'>, event: LogEvent): readonly string[] {
  const told = isUnreadable(event) ? event.asStored : event;
  if (told === undefined) return [];
  try {
    return validKeys(projection.keys(told as CurrentEvent));
  } catch {
    // Its stream is parked for this very reason.
    return [];
  }
}

/** An event that this release cannot read. Its `name` is why. */
export class UnreadableEvent extends Error {
  override readonly name: string;

  constructor(why: string) {
    super('the event cannot be read by this release');
    this.name = why;
  }
}

/** A projection named a document by what is no key. */
export class InvalidKey extends TypeError {
  override readonly name = 'InvalidKey';
}

function validKeys(keys: readonly string[]): readonly string[] {
  keys.forEach(assertKey);
  return keys.length < 2 ? keys : [...new Set(keys)];
}

function assertKey(key: unknown): void {
  if (typeof key !== 'string') throw new InvalidKey('a key is text');
  if (key.length === 0 || key.length > LONGEST_KEY)
    throw new InvalidKey(`a key has 1 to ${LONGEST_KEY} characters`);
  if (UNSAFE.test(key)) throw new InvalidKey('a key has no U+0000 and no half of a surrogate pair');
  if (isStreamKey(key)) throw new InvalidKey('a key that begins with stream: is a parked stream');
}
