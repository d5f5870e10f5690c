import { describe, expect, it } from '@jest/globals';
import type { ReadEvent } from '@rapport/contracts';
import { goldenCodec, goldenEvents } from '@rapport/event-sourcing/golden';
import { systemMonotonicClock, systemTimers } from '@rapport/platform';
import { testCaches, unwatched } from '@rapport/platform/testing';
import { MemoryViewStore, projectionId, ProjectionRunner, type EventLog } from '@rapport/views';
import { PROJECTIONS } from './projections.ts';

/** Views of what waits: the last of the golden events of a deadline, and of a parked key, end it. */
const ENDED = ['deadlines', 'parked'];

const events = goldenEvents();

/** Every event that was ever shipped, in its own stream at its own revision. */
const log: EventLog = {
  logId: 'golden',
  head: async () => ({ position: events.length - 1, index: events.length - 1 }),
  readCounted: async (from, limit) => events.slice(from, from + limit),
  async *follow(after, signal): AsyncIterable<readonly ReadEvent[]> {
    yield events.slice(after + 1);
    if (signal.aborted) return;
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  },
};

describe('events that were ever shipped', () => {
  it.each(PROJECTIONS.map((projection) => [projection.name, projection] as const))(
    'are folded by %s, and nothing is parked',
    async (_name, projection) => {
      const store = new MemoryViewStore();
      const codec = goldenCodec();
      const runner = new ProjectionRunner({
        projections: [projection],
        log,
        store,
        owner: 'golden',
        clock: systemMonotonicClock,
        timers: systemTimers,
        caches: testCaches(),
        followers: unwatched(),
        opener: { open: (event, paths) => codec.open(event, paths) },
      });
      runner.start();
      const id = projectionId(projection);
      const reached = await runner.reached(id, events.length - 1, 4_000);
      await runner.stop();
      expect(await store.control.parked(id, { limit: 10 })).toEqual([]);
      expect(reached).toBe(true);
      const documents = await (await store.open(projection)).count();
      expect(documents > 0).toBe(!ENDED.includes(projection.name));
    },
  );
});
