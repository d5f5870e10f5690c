import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { documentCaches } from '../testing/documentCaches.ts';
import { ArrayLog } from '../testing/arrayLog.ts';
import type { TestEvent } from '../testing/arrayLog.ts';
import { event } from '../testing/arbitraryEvent.ts';
import { dyingAt } from '../testing/faultyStore.ts';
import type { Interfere } from '../testing/faultyStore.ts';
import { expectedView } from '../testing/independentFold.ts';
import { restartingProjection, tierProjection } from '../testing/tierProjection.ts';
import { ViewBench } from '../testing/viewBench.ts';

describe('a projection that crashes', () => {
  it('ends with the same documents wherever it was cut off, at every step, before it and after it', async () => {
    const events: TestEvent[] = [
      { type: 'Registered', customer: 'c1' },
      { type: 'Purchased', customer: 'c1', n: 3 },
      { type: 'Referred', customer: 'c1', n: 2 },
      { type: 'Purchased', customer: 'c2', n: -1 },
      { type: 'Erased', customer: 'c1' },
      { type: 'Purchased', customer: 'c1', n: 4 },
      { type: 'Purchased', customer: 'c2', n: 4 },
      { type: 'Purchased', customer: 'c3', n: 4 },
    ];
    let died = 0;
    for (const when of ['before', 'after'] as const) {
      for (let step = 1; step <= 24; step++) {
        const bench = new ViewBench(new ArrayLog('log-1', 3));
        bench.log.append(...events);
        const victim = bench.start('victim', dyingAt(step, when));
        await bench.time.pass(50);
        if (bench.told.includes('victim: retrying')) died++;
        void victim.stop();
        bench.start('successor');
        await bench.caughtUp();
        expect(await bench.view()).toEqual(expectedView(bench.log.events));
        await bench.stop();
      }
    }
    // The steps reach from the first look at the epoch to behind the last checkpoint.
    expect(died).toBeGreaterThan(25);
    expect(died).toBeLessThan(48);
  });

  it('equals an independent fold after any events, crashes and batches that come twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(event, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 }),
        fc.array(
          fc.record({ step: fc.integer({ min: 1, max: 30 }), when: fc.constantFrom('before', 'after') }),
          { maxLength: 3 },
        ),
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        fc.constantFrom(1, 800, 100_000),
        fc.boolean(),
        async (parts, crashes, batchSize, twice, documentBytes, restarting) => {
          const projection = restarting ? restartingProjection : tierProjection;
          const bench = new ViewBench(new ArrayLog('log-1', batchSize, twice), undefined, projection);
          for (const [i, part] of parts.entries()) {
            bench.log.append(...part);
            const crash = crashes[i];
            if (crash === undefined) continue;
            const victim = bench.start(`victim-${i}`, dyingAt(crash.step, crash.when), {
              caches: documentCaches(documentBytes),
            });
            await bench.time.pass(2_000);
            void victim.stop();
          }
          bench.start('last', undefined, { caches: documentCaches(documentBytes) });
          await bench.caughtUp();
          expect(await bench.view()).toEqual(expectedView(bench.log.events, { startsAnew: restarting }));
          expect(bench.told.filter((what) => what.startsWith('last: fenced'))).toEqual([]);
          await bench.stop();
        },
      ),
      { numRuns: 160 },
    );
  });

  it('folds on what is still being written, however few documents it remembers', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 5, maxLength: 30 }),
        fc.constantFrom(1, 400, 1_200),
        fc.boolean(),
        async (events, documentBytes, restarting) => {
          const projection = restarting ? restartingProjection : tierProjection;
          const bench = new ViewBench(new ArrayLog('log-1', 2), undefined, projection);
          bench.log.append(...events);
          const slowly: Interfere = async (name, perform) => {
            if (name === 'view.write' || name === 'control.saveCheckpoint') await bench.time.sleep(10);
            return perform();
          };
          bench.start('slow', slowly, { caches: documentCaches(documentBytes) });
          await bench.caughtUp();
          expect(await bench.view()).toEqual(expectedView(bench.log.events, { startsAnew: restarting }));
          expect(bench.told.filter((what) => what.includes('fenced'))).toEqual([]);
          await bench.stop();
        },
      ),
      { numRuns: 80 },
    );
  });
});
