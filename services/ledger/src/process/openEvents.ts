import { EmbeddedEventStore, openKurrentEventStore, type EventStore } from '@rapport/event-store';
import type { StorePlace } from '@rapport/platform';

/** The event store that the ledger alone may write to. @throws StoreError */
export async function openEvents(place: StorePlace): Promise<EventStore> {
  if (place.kind === 'embedded') return EmbeddedEventStore.open({ directory: place.folder });
  return openKurrentEventStore({ connectionString: place.url });
}
