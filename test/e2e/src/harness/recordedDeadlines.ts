import {
  categoryOf,
  deadlinesOwner,
  dueKey,
  isUnreadable,
  parkingEvents,
  recordedDeadline,
  type DataOf,
} from '@rapport/contracts';
import type { AskedDues, DueDeadline, DueSource } from '@rapport/event-sourcing';
import type { EventStore } from '@rapport/event-store';
import { readEvent } from '@rapport/privacy';

interface Waiting extends DueDeadline {
  readonly context: string;
  readonly fireAt: string;
}

/** Recorded dues as a fold of the whole log: what the projector's view shows, without its lag. */
export function recordedDeadlines(store: EventStore): DueSource {
  return {
    async due({ context, before, limit }: AskedDues) {
      const waiting = [...(await dues(store)).values()].filter((due) => due.context === context);
      waiting.sort((x, y) => (x.fireAt < y.fireAt ? -1 : 1));
      const items = waiting.filter(({ fireAt }) => fireAt < before).slice(0, limit);
      const nextAt = waiting.find(({ fireAt }) => fireAt >= before)?.fireAt;
      return { items, stale: false, ...(nextAt !== undefined && { nextAt }) };
    },
  };
}

async function dues(store: EventStore): Promise<ReadonlyMap<string, Waiting>> {
  const latest = new Map<string, Waiting>();
  for (let after = -1; ;) {
    const { events } = await store.readAll({ after, limit: 1_000 });
    if (events.length === 0) return latest;
    for (const stored of events) {
      const event = readEvent(stored);
      if (isUnreadable(event)) continue;
      const { type, data, stream, via } = event;
      const told = recordedDeadline({ type, data });
      if (told?.became === 'scheduled') {
        const { deadlineId, generation, deadline, due } = told.deadline;
        latest.set(deadlineId, { deadlineId, generation, deadline, due, stream, context: via, fireAt: due });
      } else if (told !== undefined) {
        const { deadlineId, generation } = told.deadline;
        if ((latest.get(deadlineId)?.generation ?? 0) <= generation) latest.delete(deadlineId);
      }
      if (categoryOf(stream) !== 'parking' || type === parkingEvents.KeyUnparked.type) continue;
      const { owner, key, retryAt } = data as unknown as DataOf<typeof parkingEvents.KeyRetryRequested>;
      for (const [id, due] of latest) {
        const isIt = owner === deadlinesOwner(due.context) && key === dueKey(due.deadlineId, due.generation);
        if (isIt) latest.set(id, { ...due, fireAt: retryAt });
      }
    }
    after = events.at(-1)!.position;
  }
}
