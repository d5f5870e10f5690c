import { withFault } from '@rapport/platform/conformance';
import type { ViewStore } from '../../viewStore.ts';
import { wrongView, wrongViewStore, type WrongViewStore } from './wrongViewStore.ts';

/** A store that has a fault once it is opened again. */
function restarted(fault: string, faulty: (store: ViewStore) => Partial<ViewStore>): WrongViewStore {
  return {
    fault,
    make: (right) => async () => {
      const harness = await right();
      const reopen = async () => {
        const store = await harness.reopen!();
        return withFault(store, faulty(store));
      };
      return { ...harness, reopen };
    },
    rejectedBy: ['closing and opening › finds documents, versions, checkpoint, epoch and parked keys again'],
  };
}

export const WRONG_LIFE: readonly WrongViewStore[] = [
  {
    fault: 'a store that forgets everything with its process',
    make: (right) => async () => ({ ...(await right()), reopen: async () => (await right()).store }),
    rejectedBy: ['closing and opening › finds documents, versions, checkpoint, epoch and parked keys again'],
  },
  restarted('a lease that a restart takes away', (store) => ({
    control: withFault(store.control, { currentEpoch: async () => undefined }),
  })),
  restarted('a checkpoint that a restart takes away', (store) => ({
    control: withFault(store.control, { loadCheckpoint: async () => undefined }),
  })),
  restarted('tombstones that a restart sweeps', (store) => ({
    async open(definition) {
      const view = await store.open(definition);
      await view.sweep(Number.MAX_SAFE_INTEGER);
      return view;
    },
  })),
  restarted('a restart after which no version is live', (store) => ({
    versions: async (view) => ({ ...(await store.versions(view)), live: undefined }),
  })),
  wrongViewStore(
    'a store that goes on after it was closed',
    () => ({ close: async () => undefined }),
    'closing and opening › finishes what was accepted and then refuses with `closed`',
  ),
  wrongViewStore(
    'a closed store whose control still answers',
    (right) => ({
      control: withFault(right.control, {
        loadCheckpoint: (projection) => right.control.loadCheckpoint(projection).catch(() => undefined),
      }),
    }),
    'closing and opening › finishes what was accepted and then refuses with `closed`',
  ),
  wrongView(
    'a closed view that is empty',
    (right) => ({ count: (filter) => right.count(filter).catch(() => 0) }),
    'closing and opening › finishes what was accepted and then refuses with `closed`',
  ),
  wrongViewStore(
    'a close that drops what was accepted',
    (right) => ({
      async open(definition) {
        const view = await right.open(definition);
        return withFault(view, {
          async write(documents) {
            await Promise.resolve();
            return right.open(definition).then((same) => same.write(documents));
          },
        });
      },
    }),
    'closing and opening › finishes what was accepted and then refuses with `closed`',
  ),
];
