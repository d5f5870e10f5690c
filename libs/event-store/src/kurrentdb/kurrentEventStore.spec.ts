import { afterAll, jest } from '@jest/globals';
import { eventStoreConformance } from '../conformance/eventStoreConformance.ts';
import { KurrentEventStore } from './kurrentEventStore.ts';

const url = process.env['RAPPORT_TEST_KURRENTDB']!;
jest.setTimeout(60_000);
let store: KurrentEventStore | undefined;
afterAll(() => store?.close());
eventStoreConformance('KurrentDB event store', async () => {
  store ??= await KurrentEventStore.open({ connectionString: url });
  const current = store;
  const dispose = async () => {
    const open = await current.head().then(Boolean, () => false);
    if (!open) store = undefined;
  };
  return { store: current, dispose };
});
