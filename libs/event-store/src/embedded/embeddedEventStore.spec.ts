import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';
import { eventStoreConformance } from '../conformance/eventStoreConformance.ts';
import { EmbeddedEventStore } from './embeddedEventStore.ts';

const root = mkdtempSync(join(tmpdir(), 'embedded-event-store-'));
let store: EmbeddedEventStore | undefined;

afterAll(async () => {
  await store?.close();
  rmSync(root, { recursive: true });
});

// One store serves test after test, and is opened again with all its events once a test has closed it.
eventStoreConformance('embedded event store', async () => {
  store ??= await EmbeddedEventStore.open({ directory: root });
  const current = store;
  const dispose = async () => {
    const closed = await current.head().then(
      () => false,
      () => true,
    );
    if (closed) store = undefined;
  };
  return { store: current, dispose };
});
