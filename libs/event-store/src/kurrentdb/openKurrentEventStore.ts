import type { EventStore } from '../eventStore.ts';
import type { KurrentEventStoreOptions } from './kurrentEventStore.ts';

/**
 * Opens the event store on KurrentDB. The client, with its native half, is loaded only here: whoever runs on the
 * embedded store never pays for it.
 *
 * @throws StoreError as KurrentEventStore.open
 */
export async function openKurrentEventStore(options: KurrentEventStoreOptions): Promise<EventStore> {
  const { KurrentEventStore } = await import('./kurrentEventStore.ts');
  return KurrentEventStore.open(options);
}
