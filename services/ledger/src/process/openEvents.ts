import { EmbeddedEventStore, openKurrentEventStore, type EventStore } from '@rapport/event-store';
import type { CacheBudget, StorePlace } from '@rapport/platform';

/** The event store that the ledger alone may write to. @throws StoreError */
export async function openEvents(place: StorePlace, caches: CacheBudget): Promise<EventStore> {
  if (place.kind === 'embedded') return EmbeddedEventStore.open({ directory: place.folder, caches });
  return openKurrentEventStore({ connectionString: place.url, caches });
}
