import { profileEvents } from '@rapport/contracts';
import type { DueDeadline, DueDeadlines } from '@rapport/service-profiles';
import type { World } from './world.ts';

/** Due deadlines as a fold of the whole log: what the projector's view shows, without its lag. */
export function recordedDeadlines(world: World): DueDeadlines {
  return {
    async due(before, limit) {
      const latest = new Map<string, DueDeadline>();
      for (const { type, data } of await world.log()) {
        if (type !== profileEvents.StandingReviewScheduled.type) continue;
        const deadline = data as unknown as DueDeadline;
        latest.set(deadline.deadlineId, deadline);
      }
      return [...latest.values()]
        .filter(({ due }) => due <= before)
        .sort((x, y) => (x.due < y.due ? -1 : 1))
        .slice(0, limit);
    },
  };
}
