import { afterAll, beforeAll, describe, it, jest } from '@jest/globals';
import { eventStoreConformance } from '../conformance/eventStoreConformance.ts';
import { KurrentEventStore } from './kurrentEventStore.ts';
import { processesConformance } from './testing/processesConformance.ts';
import { retentionConformance } from './testing/retentionConformance.ts';
import { hasKurrentServer, type KurrentServer, startKurrentServer } from './testing/kurrentServer.ts';

// A server behind a network, and a container that has to be fetched.
jest.setTimeout(180_000);

// One file, so that nothing else uses the server while a test spoils it.
if (hasKurrentServer) kurrentSuite();
else {
  describe.skip('KurrentDB event store: SKIPPED, set RAPPORT_TEST_KURRENTDB=esdb://… or start Docker', () => {
    it('passes the conformance suite', () => {});
  });
}

function kurrentSuite(): void {
  let server: KurrentServer | undefined;
  let store: KurrentEventStore | undefined;
  const url = () => server!.url;

  beforeAll(async () => {
    server = await startKurrentServer();
  });

  afterAll(async () => {
    await store?.close();
    await server?.stop();
  });

  // One store serves test after test, and is opened again with all its events once a test has closed it.
  eventStoreConformance('KurrentDB event store', async () => {
    store ??= await KurrentEventStore.open({ connectionString: url() });
    const current = store;
    const dispose = async () => {
      const open = await current.head().then(Boolean, () => false);
      if (!open) store = undefined;
    };
    return { store: current, dispose };
  });

  describe('KurrentDB event store of several processes', () => processesConformance(url));
  describe('KurrentDB event store that may lose events', () => retentionConformance(url));
}
