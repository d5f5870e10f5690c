import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedEventStore } from '@rapport/event-store';
import { CachedKeyStore, EmbeddedKeyStore } from '@rapport/privacy';
import { systemMonotonicClock } from '@rapport/platform';
import { EmbeddedViewStore } from '@rapport/views';

/** Everything that is kept in the data folder. */
export interface DataFolder {
  readonly directory: string;
  readonly events: EmbeddedEventStore;
  readonly keys: CachedKeyStore;
  readonly views: EmbeddedViewStore;
  close(): Promise<void>;
}

/**
 * Opens the data folder; one process at a time, held by the event store's lock. Keys must be there where events
 * are: a log without its keys can never be read again, so a missing file is a fault and not a new beginning.
 *
 * @throws StoreError, KeyStoreError, ViewStoreError
 */
export async function openDataFolder(directory: string): Promise<DataFolder> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const opened: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    for (const store of opened.reverse()) await store.close();
  };
  try {
    const events = await EmbeddedEventStore.open({ directory });
    opened.push(events);
    const { index } = await events.head();
    const keys = new CachedKeyStore(
      await EmbeddedKeyStore.open({ directory, mustExist: index >= 0 }),
      systemMonotonicClock,
    );
    opened.push(keys);
    const views = await EmbeddedViewStore.open(join(directory, 'views.sqlite'));
    opened.push(views);
    return { directory, events, keys, views, close };
  } catch (error) {
    await close();
    throw error;
  }
}
