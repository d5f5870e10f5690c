import { eventStoreConformance } from '../conformance/eventStoreConformance.ts';
import { MemoryEventStore } from './memoryEventStore.ts';

eventStoreConformance('memory event store', async () => {
  const store = new MemoryEventStore();
  return { store, dispose: () => store.close() };
});
