import { viewStoreConformance } from '../conformance/viewStoreConformance.ts';
import { MemoryViewStore } from './memoryViewStore.ts';

viewStoreConformance('MemoryViewStore', async () => {
  const store = new MemoryViewStore();
  return { store, dispose: () => store.close() };
});
