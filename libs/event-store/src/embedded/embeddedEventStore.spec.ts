import { afterAll } from '@jest/globals';
import { CacheBudget } from '@rapport/platform';
import { eventStoreConformance } from '../conformance/eventStoreConformance.ts';
import { EmbeddedEventStore } from './embeddedEventStore.ts';
import { dataFolder, removeFolder } from './testing/dataFolder.ts';
import type { WriterModule } from './writerThread.ts';

conformance('embedded event store', {});

// As after a restart, when no head is remembered: nearly every append has to find out.
conformance('embedded event store that remembers one stream', { workerData: { headBytes: 300 } });

conformance('embedded event store with next to no cache', {}, new CacheBudget('ledger', 0));

/** One store serves test after test, and is opened again with all its events once a test has closed it. */
function conformance(name: string, writer: WriterModule, caches?: CacheBudget): void {
  const directory = dataFolder();
  let store: EmbeddedEventStore | undefined;

  afterAll(async () => {
    await store?.close();
    removeFolder(directory);
  });

  eventStoreConformance(name, async () => {
    store ??= await EmbeddedEventStore.open({ directory, writer, caches });
    const current = store;
    const dispose = async () => {
      const open = await current.head().then(Boolean, () => false);
      if (!open) store = undefined;
    };
    return { store: current, dispose };
  });
}
