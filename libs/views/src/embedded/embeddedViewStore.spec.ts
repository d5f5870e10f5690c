import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { viewStoreConformance } from '../conformance/viewStoreConformance.ts';
import { EmbeddedViewStore } from './embeddedViewStore.ts';

viewStoreConformance('EmbeddedViewStore', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rapport-views-'));
  const path = join(folder, 'views.sqlite');
  let store = await EmbeddedViewStore.open(path);
  return {
    store,
    async reopen() {
      await store.close();
      store = await EmbeddedViewStore.open(path);
      return store;
    },
    async dispose() {
      await store.close();
      await rm(folder, { recursive: true });
    },
  };
});
