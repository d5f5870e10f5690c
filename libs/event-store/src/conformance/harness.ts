import { afterEach, beforeEach } from '@rapport/platform/conformance';
import type { EventStore } from '../eventStore.ts';

/** A store for one test. It may hold the events of earlier tests: the suite counts from the head it finds. */
export interface EventStoreHarness {
  readonly store: EventStore;
  /** Called after the test, which may have closed the store. */
  dispose(): Promise<void>;
}

export type MakeHarness = () => Promise<EventStoreHarness>;

/** Gives each test of the surrounding `describe` a store; read it inside a test only. */
export function storeForEachTest(makeHarness: MakeHarness): () => EventStore {
  let harness: EventStoreHarness | undefined;
  beforeEach(async () => {
    harness = await makeHarness();
  });
  afterEach(async () => {
    await harness?.dispose();
    harness = undefined;
  });
  return () => harness!.store;
}
