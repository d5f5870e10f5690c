import { describe, expect, it } from '@jest/globals';
import { canonicalBytes } from '@rapport/contracts';
import { MemoryEventStore } from '@rapport/event-store';
import { systemMonotonicClock, systemTimers } from '@rapport/platform';
import { testCaches, unwatched } from '@rapport/platform/testing';
import { MemoryViewStore } from '../memory/memoryViewStore.ts';
import type { Projection } from '../projection.ts';
import { ArrayLog } from '../testing/arrayLog.ts';
import type { TestEvent } from '../testing/arrayLog.ts';
import { expectedView } from '../testing/independentFold.ts';
import { readAsIs } from '../testing/readAsIs.ts';
import { tierProjection } from '../testing/tierProjection.ts';
import { ViewBench } from '../testing/viewBench.ts';
import { ProjectionRunner } from './projectionRunner.ts';
import { SharedLog } from './sharedLog.ts';

describe('from the event store to the views', () => {
  it('folds stored bytes, in one pass for all projections, and each append within its wait', async () => {
    const events = new MemoryEventStore();
    const heads = new Map<string, number>();
    const written = new ArrayLog();
    /** Appends to the store what the list of what happened says. */
    const append = async (...happened: readonly TestEvent[]): Promise<number> => {
      for (const one of happened) {
        written.append(one);
        const {
          id: _id,
          position: _position,
          index: _index,
          revision: _revision,
          ...envelope
        } = written.events.at(-1)!;
        const expectedRevision = heads.get(envelope.stream) ?? -1;
        heads.set(envelope.stream, expectedRevision + 1);
        const id = `00000000-0000-5000-8000-${String(written.events.length).padStart(12, '0')}`;
        const data = canonicalBytes(envelope as never);
        const result = await events.append([
          { stream: envelope.stream, expectedRevision, events: [{ id, type: envelope.type, data }] },
        ]);
        expect(result.status).toBe('appended');
      }
      return (await events.head()).position;
    };

    for (let n = 0; n < 300; n++) {
      await append(
        { type: 'Purchased', customer: `c${n % 7}`, n },
        { type: 'Signed', customer: 'x', uncounted: true },
        { type: n % 5 === 0 ? 'Erased' : 'Referred', customer: `c${n % 11}`, n: n % 7 },
      );
    }
    const other: Projection = { ...tierProjection, name: 'other' };
    const store = new MemoryViewStore();
    const log = new SharedLog(events, 'log-1', systemTimers, {
      caches: testCaches(),
      batchSize: 50,
      window: 200,
      read: readAsIs,
    });
    const clock = systemMonotonicClock;
    const projections = [tierProjection, other];
    const runner = new ProjectionRunner({
      caches: testCaches(),
      projections,
      log,
      store,
      owner: 'one',
      clock,
      timers: systemTimers,
      followers: unwatched(),
    });
    runner.start();
    const shown = async (position: number): Promise<void> => {
      for (const id of ['tier@1', 'other@1']) expect(await runner.reached(id, position, 4_000)).toBe(true);
    };
    await shown((await events.head()).position);
    for (let n = 0; n < 20; n++) await shown(await append({ type: 'Purchased', customer: 'c1', n }));

    expect(log.passes).toBe(1);
    for (const projection of projections) {
      expect(await new ViewBench(new ArrayLog(), store, projection).view()).toEqual(
        expectedView(written.events),
      );
    }
    await runner.stop();
    expect(log.passes).toBe(0);
    await store.close();
    await events.close();
  });
});
