import { isUnreadable, profileEvents, type CurrentEvent, type UnreadableEvent } from '@rapport/contracts';
import type { EventStore } from '@rapport/event-store';
import { destroyErased, readEvent, type KeyStore } from '@rapport/privacy';

/**
 * Destroys the keys of everybody whom the log calls erased: a restored backup erases again (contract.md).
 *
 * @param unreadable told of events that may be erasures: nobody's key is destroyed on a guess
 */
export async function eraseAgain(
  store: EventStore,
  keys: KeyStore,
  unreadable: (event: UnreadableEvent) => void,
): Promise<number> {
  return destroyErased(erasures(store, unreadable), keys);
}

async function* erasures(
  store: EventStore,
  unreadable: (event: UnreadableEvent) => void,
): AsyncIterable<CurrentEvent> {
  for await (const stored of store.readCategory('person')) {
    const event = readEvent(stored);
    if (isUnreadable(event)) unreadable(event);
    else if (event.type === profileEvents.PersonErased.type) yield event;
  }
}
