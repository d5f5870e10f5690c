import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedEventStore, makeOwnersOnly, StoreError, type EventStore } from '@rapport/event-store';
import { CachedKeyStore, EmbeddedKeyStore, KeyStoreError, type KeyStore } from '@rapport/privacy';
import { systemMonotonicClock, type CacheBudget } from '@rapport/platform';
import { EmbeddedViewStore, type ViewStore } from '@rapport/views';

/** Folder within, in which a backup is made ready before it takes its place. */
export const RESTORING = 'restoring';

/** Everything that is kept, and how to let go of it. */
export interface Stores {
  readonly events: EventStore;
  readonly keys: KeyStore;
  readonly views: ViewStore;
  close(): Promise<void>;
}

/**
 * Opens the data folder; one process at a time, held by the event store's lock. Log and keys belong together: a
 * log without its keys can never be read again, and keys that are bound to a log are not there for a new one. So
 * where one of the two is missing that is a fault and not a new beginning, and nothing is made in its place.
 *
 * @throws StoreError, KeyStoreError, ViewStoreError
 */
export async function openDataFolder(directory: string, caches: CacheBudget): Promise<Stores> {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const log = join(directory, 'events.sqlite');
  refuseUnfinishedRestore(directory);
  await refuseKeysWithoutLog(directory, log);
  const opened: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    for (const store of opened.reverse()) await store.close();
  };
  try {
    const events = await EmbeddedEventStore.open({ directory, caches });
    opened.push(events);
    const { index } = await events.head();
    const keys = new CachedKeyStore(
      await EmbeddedKeyStore.open({ directory, mustExist: index >= 0 }),
      systemMonotonicClock,
      caches,
    );
    opened.push(keys);
    if (index < 0 && (await keys.boundLog()) !== undefined) throw missingLog(log);
    const path = join(directory, 'views.sqlite');
    makeOwnersOnly(path);
    const views = await EmbeddedViewStore.open(path, caches);
    opened.push(views);
    return { events, keys, views, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What is here, or would be made here, is not what was to be restored. */
function refuseUnfinishedRestore(directory: string): void {
  if (!existsSync(join(directory, RESTORING))) return;
  throw new StoreError(
    'in-use',
    `a restore into ${directory} is under way or was cut off: run npm run restore again, as before`,
  );
}

/** A look without the lock: keys are bound only after their log has been written, so bound keys once had one. */
async function refuseKeysWithoutLog(directory: string, log: string): Promise<void> {
  if (isThere(log) || !isThere(join(directory, 'keys.sqlite'))) return;
  const keys = await EmbeddedKeyStore.open({ directory, mustExist: true });
  try {
    if ((await keys.boundLog()) !== undefined && !isThere(log)) throw missingLog(log);
  } finally {
    await keys.close();
  }
}

function isThere(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

function missingLog(path: string): KeyStoreError {
  return new KeyStoreError(
    'foreign',
    `log ${path} is missing or empty, but the keys beside it belong to a log: restore the log from its backup, or choose another folder with --data. Nothing was changed`,
  );
}
