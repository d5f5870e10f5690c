import { categoryOf, decodeEvent, parkedKeyId, parkingEvents, type DataOf } from '@rapport/contracts';
import type { AskedParked, ParkedItem, ParkedSource } from '@rapport/event-sourcing';
import type { EventStore } from '@rapport/event-store';

type Waiting = ParkedItem & { readonly retryAt: string; readonly reason: string };

/** Parked keys as a fold of the whole log: what the projector's view shows, without its lag. */
export function recordedParked(store: EventStore): ParkedSource {
  return {
    async due({ owner, reason, before, limit }: AskedParked) {
      const waiting = (await parkedKeys(store)).filter(
        (key) => key.owner === owner && (reason === undefined || key.reason === reason),
      );
      waiting.sort((x, y) => (x.retryAt < y.retryAt ? -1 : 1));
      const items = waiting.filter(({ retryAt }) => retryAt < before).slice(0, limit);
      const nextAt = waiting.find(({ retryAt }) => retryAt >= before)?.retryAt;
      return { items, stale: false, ...(nextAt !== undefined && { nextAt }) };
    },
  };
}

/** Every key that is parked by now; those of dues stay until they are parked no more by the deadline's own event. */
export async function parkedKeys(store: EventStore): Promise<Waiting[]> {
  const parked = new Map<string, Waiting>();
  for (let after = -1; ;) {
    const { events } = await store.readAll({ after, limit: 1_000 });
    if (events.length === 0) return [...parked.values()];
    for (const stored of events) {
      if (categoryOf(stored.stream) !== 'parking') continue;
      const { type, data } = decodeEvent(stored);
      const { owner, key, ...more } = data as unknown as DataOf<typeof parkingEvents.KeyParked>;
      const id = parkedKeyId(owner, key);
      if (type === parkingEvents.KeyUnparked.type) parked.delete(id);
      else parked.set(id, { ...parked.get(id), id, owner, key, ...more });
    }
    after = events.at(-1)!.position;
  }
}
