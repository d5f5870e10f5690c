import { decodeEvent, profileEvents, type RecordedEvent } from '@rapport/contracts';
import type { EventStore } from '@rapport/event-store';
import { destroyErased, type KeyStore } from '@rapport/privacy';

/** Destroys the keys of everybody whom the log calls erased: a restored backup erases again (contract.md). */
export async function eraseAgain(store: EventStore, keys: KeyStore): Promise<number> {
  return destroyErased(erasures(store), keys);
}

async function* erasures(store: EventStore): AsyncIterable<RecordedEvent> {
  for await (const stored of store.readCategory('person')) {
    if (stored.type === profileEvents.PersonErased.type) yield decodeEvent(stored);
  }
}
