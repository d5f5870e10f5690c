import { rejectsWrong } from '@rapport/platform/conformance';
import { MemoryEventStore } from '../memory/memoryEventStore.ts';
import { eventStoreConformance } from './eventStoreConformance.ts';
import type { MakeHarness } from './harness.ts';
import { WRONG_STORES } from './wrong/wrongStores.ts';

const memory: MakeHarness = async () => {
  const store = new MemoryEventStore();
  return { store, dispose: () => store.close() };
};

rejectsWrong('an event store', (make) => eventStoreConformance('an event store', make), memory, WRONG_STORES);
