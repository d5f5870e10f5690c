import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MemoryViewStore } from '../memory/memoryViewStore.ts';
import type { Projection } from '../projection.ts';
import { event } from '../testing/arbitraryEvent.ts';
import { ArrayLog } from '../testing/arrayLog.ts';
import { documentCaches } from '../testing/documentCaches.ts';
import { dyingAt, Gate } from '../testing/faultyStore.ts';
import { expectedView } from '../testing/independentFold.ts';
import { dataOf, restartingProjection, tierProjection } from '../testing/tierProjection.ts';
import { TIMES, ViewBench } from '../testing/viewBench.ts';
import { settled } from '@rapport/platform/testing';
import { ViewStoreError } from '../viewStoreError.ts';
import { MOST_GROUPS } from './counters.ts';
import type { CountDeclaration, ViewCounts } from './viewCounts.ts';

const BY_SPEND: CountDeclaration = { by: ['spend'], sum: ['spend', 'never'] };
const counting = (projection: Projection, counts: readonly CountDeclaration[] = [BY_SPEND]): Projection => ({
  ...projection,
  counts,
});

describe('the counts that a projection declares', () => {
  let bench = new ViewBench();
  afterEach(() => bench.stop());
  const given = (projection = counting(tierProjection), batchSize = 3): void => {
    bench = new ViewBench(new ArrayLog('log-1', batchSize), new MemoryViewStore(), projection);
  };
  const bought = (customer: string, n: number) => ({ type: 'Purchased', customer, n });

  async function counts(): Promise<ViewCounts | undefined> {
    return (await bench.store.control.loadCheckpoint(bench.id))?.counts?.groups;
  }

  /** Counted by hand from documents: shares nothing with counters and stores. */
  function countedBySpend(documents: Readonly<Record<string, unknown>>): ViewCounts {
    const spends = Object.values(documents).map((body) => (body as { spend: number }).spend);
    return [
      [...new Set(spends)]
        .sort((a, b) => a - b)
        .map((spend) => {
          const count = spends.filter((other) => other === spend).length;
          return {
            values: [spend],
            count,
            sums: [
              { n: count, sum: count * spend },
              { n: 0, sum: 0 },
            ],
          };
        }),
    ];
  }

  it('equal a count over the documents after any events, crashes, takeovers and batches that come twice', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(event, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 4 }),
        fc.array(
          fc.record({ step: fc.integer({ min: 1, max: 40 }), when: fc.constantFrom('before', 'after') }),
          { maxLength: 3 },
        ),
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        fc.constantFrom(1, 800, 100_000),
        fc.boolean(),
        async (parts, crashes, batchSize, twice, documentBytes, restarting) => {
          const projection = counting(restarting ? restartingProjection : tierProjection);
          bench = new ViewBench(new ArrayLog('log-1', batchSize, twice), new MemoryViewStore(), projection);
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
          await bench.time.until(() => bench.told.some((what) => what.startsWith('last: acquired')));
          await bench.caughtUp();
          const { documents } = expectedView(bench.log.events, { startsAnew: restarting });
          expect(await counts()).toEqual(countedBySpend(documents));
          await bench.stop();
        },
      ),
      { numRuns: 150 },
    );
  });

  it('are not counted anew where the former owner let go in order, and are where it died after that', async () => {
    given();
    bench.log.append(bought('c1', 1), bought('c2', 2));
    const first = bench.start('one');
    await bench.caughtUp();
    await first.stop();
    const operations: string[] = [];
    const second = bench.start('two', (name, perform) => {
      operations.push(name);
      return perform();
    });
    await bench.time.until(() => bench.told.includes('two: acquired 2'));
    bench.log.append(bought('c3', 3));
    await bench.caughtUp();
    expect(operations).not.toContain('view.aggregate');
    expect(await counts()).toEqual(countedBySpend(expectedView(bench.log.events).documents));
    await second.stop();
    // Its documents are stored, its checkpoint is not: what the second one left does not hold any more.
    let written = false;
    bench.start('three', async (name, perform) => {
      if (written) throw new ViewStoreError('unavailable', 'the process is dead');
      const answer = await perform();
      written ||= name === 'view.write';
      return answer;
    });
    bench.log.append(bought('c4', 4));
    await bench.time.until(() => written);
    bench.start('four');
    await bench.time.until(() => bench.told.some((what) => what.startsWith('four: acquired')));
    await bench.caughtUp();
    expect(await counts()).toEqual(countedBySpend(expectedView(bench.log.events).documents));
  });

  it('are those of what is stored from the moment that another owner takes over', async () => {
    given(counting(tierProjection), 2);
    let dead = false;
    bench.start('dies', async (name, perform) => {
      dead ||= name === 'control.saveCheckpoint' && (await checkpointIndex()) === 1;
      if (dead) throw new ViewStoreError('unavailable', 'the process is dead');
      return perform();
    });
    bench.log.append(bought('c1', 1), bought('c2', 2), bought('c1', 3), bought('c3', 4));
    await bench.time.until(() => dead);
    // Its last documents are stored, and no checkpoint speaks of them.
    expect(await checkpointIndex()).toBe(1);
    const { documents } = await bench.view();
    expect(documents).toEqual(expectedView(bench.log.events).documents);
    const folding = new Gate('view.load');
    folding.holding = true;
    bench.start('successor', folding.interfere);
    await bench.time.until(() => folding.held === 1);
    expect(await checkpointIndex()).toBe(1);
    expect(await counts()).toEqual(countedBySpend(documents));
    folding.letGo();
  });

  it('are right also where a former owner’s write arrives after its successor has counted', async () => {
    given(counting(tierProjection), 1);
    const late = new Gate('view.write');
    bench.start('paused', late.interfere);
    bench.log.append(bought('c1', 1));
    await bench.caughtUp();
    late.holding = true;
    bench.log.append(bought('c2', 5), bought('c3', 6));
    await bench.time.pass(1);
    expect(late.held).toBe(1);
    // The paused process beats no more.
    const beat = bench.store.control.beat.bind(bench.store.control);
    bench.store.control.beat = async (projection, epoch) => (epoch === 1 ? false : beat(projection, epoch));
    const counted = new Gate('view.load');
    counted.holding = true;
    bench.start('successor', counted.interfere);
    await bench.time.pass(2 * (TIMES.lease + TIMES.longestOperation));
    expect(counted.held).toBe(1);
    late.letGo();
    await settled();
    counted.letGo();
    await bench.time.until(async () => (await bench.log.head()).index === (await checkpointIndex()));
    expect(await counts()).toEqual(countedBySpend(expectedView(bench.log.events).documents));
  });

  async function checkpointIndex(): Promise<number | undefined> {
    return (await bench.store.control.loadCheckpoint(bench.id))?.index;
  }

  it.each(['before', 'after'] as const)(
    'are right where a key was let go and the store failed just %s it had written',
    async (when) => {
      given();
      bench.log.append(bought('c1', 1), bought('c1', -1), bought('c1', 7));
      let failing = false;
      let broken = true;
      bench.projection.fold = (body, happened, key) =>
        broken || dataOf(happened).n >= 0
          ? tierProjection.fold(body, happened, key)
          : { ...body, spend: 100, history: [] };
      const runner = bench.start('one', async (name, perform) => {
        if (!failing || name !== 'view.write') return perform();
        failing = false;
        if (when === 'after') await perform();
        throw new ViewStoreError('unavailable', 'away');
      });
      await bench.caughtUp();
      expect((await bench.view()).parked).toEqual({ c1: 1 });
      [failing, broken] = [true, false];
      await expect(runner.unpark(bench.id, 'c1')).rejects.toMatchObject({ failure: 'unavailable' });
      bench.log.append(bought('c2', 3));
      await bench.caughtUp();
      await bench.stop();
      expect(await counts()).toEqual(countedBySpend((await bench.view()).documents));
    },
  );

  it('are shown to whoever waited for a position, as of that position', async () => {
    given();
    const saving = new Gate('control.saveCheckpoint');
    const runner = bench.start('one', saving.interfere);
    bench.log.append(bought('c1', 1));
    await bench.caughtUp();
    saving.holding = true;
    bench.log.append(bought('c2', 2));
    const { position } = await bench.log.head();
    let reached: boolean | undefined;
    void runner.reached(bench.id, position, 5_000).then((is) => (reached = is));
    await bench.time.pass(500);
    expect([saving.held, reached]).toEqual([1, undefined]);
    saving.letGo();
    await bench.time.until(() => reached !== undefined);
    expect(reached).toBe(true);
    expect(await counts()).toEqual(countedBySpend(expectedView(bench.log.events).documents));
  });

  it('begin from nothing where the log is another one', async () => {
    given();
    bench.log.append(bought('c1', 1), bought('c2', 2));
    bench.start('one');
    await bench.caughtUp();
    await bench.stop();
    const { store, projection } = bench;
    bench = new ViewBench(new ArrayLog('log-2'), store, projection);
    bench.log.append(bought('c3', 3));
    bench.start('two');
    await bench.caughtUp();
    expect(await counts()).toEqual(countedBySpend({ c3: { spend: 3 } }));
  });

  it('have a bound: a document that would open one group too many is parked', async () => {
    given(undefined, 500);
    bench.log.append(...Array.from({ length: MOST_GROUPS + 2 }, (_, n) => bought(`c${n}`, n)));
    bench.log.append(bought('late', 7), { type: 'Erased', customer: 'c0' }, bought('later', 5_000));
    bench.start('one');
    await bench.caughtUp();
    const { documents, parked } = await bench.view();
    expect(parked).toEqual({ [`c${MOST_GROUPS}`]: MOST_GROUPS, [`c${MOST_GROUPS + 1}`]: MOST_GROUPS + 1 });
    expect(bench.told).toContain(`one: parked c${MOST_GROUPS} at ${MOST_GROUPS}: TooManyGroups`);
    expect((await counts())![0]).toHaveLength(MOST_GROUPS);
    expect(await counts()).toEqual(countedBySpend(documents));
  });

  it('sum whole numbers only: a document with another one is parked', async () => {
    given();
    bench.log.append(bought('c1', 1), bought('c2', 0.5), bought('c3', 2 ** 53));
    bench.start('one');
    await bench.caughtUp();
    const { documents, parked } = await bench.view();
    expect(parked).toEqual({ c2: 1, c3: 2 });
    expect(await counts()).toEqual(countedBySpend(documents));
  });
});
