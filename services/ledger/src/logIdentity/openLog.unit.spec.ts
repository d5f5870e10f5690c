import { describe, expect, it } from '@jest/globals';
import { MemoryEventStore, type EventStore } from '@rapport/event-store';
import { systemClock, systemRandom } from '@rapport/platform';
import { openLineage, openLog } from './openLog.ts';

const ports = { clock: systemClock, random: systemRandom };

/** The store as a ledger sees it between whose first look and its next one another ledger opens the log. */
function openedMeanwhile(store: EventStore): { seen: EventStore; logId: () => Promise<string> } {
  let other: Promise<string> | undefined;
  const seen = Object.create(store, {
    readStream: {
      value: async (...asked: Parameters<EventStore['readStream']>) => {
        const slice = await store.readStream(...asked);
        await (other ??= openLog(store, 'main', ports));
        return slice;
      },
    },
    head: { value: () => store.head() },
    append: { value: (writes: Parameters<EventStore['append']>[0]) => store.append(writes) },
  }) as EventStore;
  return { seen, logId: () => other! };
}

describe('the identity of a log', () => {
  it('is that of the other ledger, where two open an empty store in the same moment', async () => {
    const { seen, logId } = openedMeanwhile(new MemoryEventStore());
    const lineage = await openLineage(seen, 'main', ports);
    expect(lineage).toEqual({ logId: await logId(), former: [] });
  });

  it('is refused to another tenant', async () => {
    const store = new MemoryEventStore();
    await openLog(store, 'main', ports);
    await expect(openLog(store, 'other', ports)).rejects.toThrow('belongs to another tenant');
  });
});
