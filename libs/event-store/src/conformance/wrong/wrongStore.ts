import { withFault, type WrongImplementation } from '@rapport/platform/conformance';
import type { AllSlice, AppendResult, EventStore, StoredEvent, StreamSlice } from '../../eventStore.ts';
import type { MakeHarness } from '../harness.ts';

export type WrongStore = WrongImplementation<MakeHarness>;

/** A right store, in memory, with a fault. @param faulty the members that are wrong; called once for each test */
export function wrongStore(
  fault: string,
  faulty: (right: EventStore) => Partial<EventStore>,
  ...rejectedBy: readonly string[]
): WrongStore {
  const make =
    (right: MakeHarness): MakeHarness =>
    async () => {
      const harness = await right();
      return { ...harness, store: withFault(harness.store, faulty(harness.store)) };
    };
  return { fault, make, rejectedBy };
}

/** A store that shows every event otherwise than it is, wherever it is answered. */
export function shownAs(
  right: EventStore,
  show: (event: StoredEvent) => StoredEvent,
): Pick<EventStore, 'append' | 'readStream' | 'readAll'> {
  const shown = <Answer extends AppendResult | StreamSlice | AllSlice>(answer: Answer): Answer =>
    'events' in answer ? { ...answer, events: answer.events.map(show) } : answer;
  return {
    append: async (writes) => shown(await right.append(writes)),
    readStream: async (stream, options) => shown(await right.readStream(stream, options)),
    readAll: async (options) => shown(await right.readAll(options)),
  };
}

/** Heads of streams, as an append asks for them. */
export async function headOf(store: EventStore, stream: string): Promise<number> {
  return (await store.readStream(stream, { limit: 1 })).headRevision;
}
