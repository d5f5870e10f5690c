import { rejectsWrong } from '@rapport/platform/conformance';
import { MemoryViewStore } from '../memory/memoryViewStore.ts';
import type { MakeHarness } from './harness.ts';
import { viewStoreConformance } from './viewStoreConformance.ts';
import { WRONG_VIEW_STORES } from './wrong/wrongViewStores.ts';

/** It outlives its process by being kept: what a store forgets at a restart is a fault of its own. */
const memory: MakeHarness = async () => {
  const store = new MemoryViewStore();
  return { store, reopen: async () => store, dispose: () => store.close() };
};

rejectsWrong('a view store', (make) => viewStoreConformance('a view store', make), memory, WRONG_VIEW_STORES);
