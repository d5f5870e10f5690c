import { describe, expect, it } from '@rapport/platform/conformance';
import { systemMonotonicClock, systemTimers } from '@rapport/platform';
import { until, unwatched } from '@rapport/platform/testing';
import { Counters } from '../counts/counters.ts';
import type { ViewCounts } from '../counts/viewCounts.ts';
import type { Projection } from '../projection.ts';
import { ProjectionRunner } from '../runner/projectionRunner.ts';
import { ArrayLog } from '../testing/arrayLog.ts';
import { documentCaches } from '../testing/documentCaches.ts';
import { dyingAt, FaultyStore } from '../testing/faultyStore.ts';
import { expectedView } from '../testing/independentFold.ts';
import { Poison, POISON } from '../testing/poison.ts';
import { projectionId } from '../viewStore.ts';
import type { ViewStore } from '../viewStore.ts';
import type { TestBench } from './harness.ts';

/** Never over within a test: what a dead owner leaves is let go by hand. */
const TIMES = { lease: 600_000, longestOperation: 600_000 };

/** Counts that an owner keeps and the store saves: always those over the documents. */
export function countTests(bench: TestBench): void {
  describe('counts', () => {
    let owners = 0;

    function started(
      projection: Projection,
      log: ArrayLog,
      poison: Poison,
      store: ViewStore,
    ): ProjectionRunner {
      const runner = new ProjectionRunner({
        projections: [projection],
        log: poison.log(log),
        store: poison.store(store),
        owner: `owner-${++owners}`,
        clock: systemMonotonicClock,
        timers: systemTimers,
        caches: documentCaches(100_000),
        followers: unwatched(),
        opener: poison.opener,
        times: TIMES,
      });
      runner.start();
      return runner;
    }

    async function counts(projection: Projection): Promise<{ kept?: ViewCounts; counted: ViewCounts }> {
      const checkpoint = await bench.store.control.loadCheckpoint(projectionId(projection));
      const collection = await bench.store.open(projection);
      return {
        kept: checkpoint?.counts?.groups,
        counted: (await Counters.over(collection, projection.counts!)).counts,
      };
    }

    it.each([4, 6, 9, 12, 15])(
      'equal those over the documents after its owner died at step %i, with parked keys, and after a rebuild',
      async (step) => {
        const poison = new Poison('refused');
        const projection = { ...poison.projection, name: bench.name() };
        const log = new ArrayLog('log-1', 6);
        const amounts = [1, 2, POISON.fold, 3, 1, POISON.store, 2, POISON.keys, 5, POISON.event, 1, 0];
        for (const [n, amount] of [...amounts, ...amounts].entries()) {
          const customer = `c${(n * 5) % 9}`;
          log.append({ type: 'Purchased', customer, n: amount }, { type: 'Referred', customer, n: n % 9 });
          if (n % 7 === 3) log.append({ type: 'Erased', customer: `c${n % 9}` });
        }
        const caughtUp = async (of: Projection): Promise<void> => {
          const { position } = await log.head();
          const id = projectionId(of);
          await until('the head', async () =>
            (await bench.store.control.loadCheckpoint(id))?.position === position ? true : undefined,
          );
        };
        const victim = started(projection, log, poison, new FaultyStore(bench.store, dyingAt(step, 'after')));
        await until('its death', async () =>
          (await victim.status().catch(() => undefined)) === undefined ? true : undefined,
        );
        await victim.stop();
        const former = await bench.store.control.currentEpoch(projectionId(projection));
        if (former !== undefined) await bench.store.control.release(projectionId(projection), former.epoch);

        const runner = started(projection, log, poison, bench.store);
        await until('a successor', async () =>
          (await runner.status())[0]!.state === 'owner' ? true : undefined,
        );
        await caughtUp(projection);
        expect((await runner.status())[0]!.parkedKeys).toBeGreaterThan(2);
        const waiting = await counts(projection);
        expect(waiting.kept).toEqual(waiting.counted);

        poison.repaired = true;
        const id = projectionId(projection);
        for (const { key } of await bench.store.control.parked(id, { limit: 100 }))
          await runner.unpark(id, key);
        for (const { key } of await bench.store.control.parked(id, { limit: 100 }))
          await runner.unpark(id, key);
        const repaired = await counts(projection);
        expect(repaired.kept).toEqual(repaired.counted);
        await runner.stop();

        const next = { ...projection, version: 2 };
        const rebuilding = started(next, log, poison, bench.store);
        await caughtUp(next);
        const rebuilt = await counts(next);
        expect(rebuilt.kept).toEqual(rebuilt.counted);
        expect(rebuilt.kept).toEqual(repaired.kept);
        expect(rebuilt.kept![1]![0]!.count).toBe(Object.keys(expectedView(log.events).documents).length);
        await rebuilding.stop();
      },
    );
  });
}
