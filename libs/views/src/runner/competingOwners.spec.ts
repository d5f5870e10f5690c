import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { event } from '../testing/arbitraryEvent.ts';
import { ArrayLog } from '../testing/arrayLog.ts';
import { Gate } from '../testing/faultyStore.ts';
import { expectedView } from '../testing/independentFold.ts';
import { TIMES, ViewBench } from '../testing/viewBench.ts';
import { ViewStoreError } from '../viewStoreError.ts';

describe('two owners of one projection', () => {
  let bench = new ViewBench();
  afterEach(() => bench.stop());
  const waited = TIMES.lease + TIMES.longestOperation;

  it('let one fold and the other stand by, for as long as the first one beats', async () => {
    bench = new ViewBench();
    bench.start('first');
    await bench.time.pass(1);
    bench.start('second');
    await bench.time.pass(20 * waited);
    expect(bench.told).toEqual(['first: acquired 1']);
  });

  it('hand over at once when the first one is stopped in order', async () => {
    bench = new ViewBench();
    const first = bench.start('first');
    await bench.time.pass(1);
    await first.stop();
    bench.start('second');
    await bench.time.pass(1);
    expect(bench.told).toEqual(['first: acquired 1', 'second: acquired 2']);
  });

  it('make the second one wait out the lease and the longest operation of one that died', async () => {
    bench = new ViewBench();
    let dead = false;
    let bury = (): void => undefined;
    const grave = new Promise<void>((_, reject) => (bury = () => reject(new Error('dead'))));
    bench.start('first', (_, perform) => (dead ? grave : perform()));
    await bench.time.pass(1);
    dead = true;
    bench.start('second');
    await bench.time.pass(waited - 1);
    expect(bench.told).not.toContain('second: acquired 2');
    await bench.time.pass(TIMES.lease / 4);
    expect(bench.told).toContain('second: acquired 2');
    bury();
  });

  it('tell of no failure any more once the store answers both again, whoever owns it then', async () => {
    bench = new ViewBench();
    let away = false;
    const reach = (_: string, perform: () => Promise<unknown>): Promise<unknown> =>
      away ? Promise.reject(new ViewStoreError('unavailable', 'away')) : perform();
    const runners = [bench.start('first', reach)];
    await bench.time.pass(1);
    runners.push(bench.start('second', reach));
    await bench.time.pass(waited);
    away = true;
    await bench.time.pass(4 * waited);
    away = false;
    await bench.time.pass(60_000);
    const states = (await Promise.all(runners.map((runner) => runner.status()))).flat();
    expect(states.map(({ state }) => state).sort()).toEqual(['owner', 'standby']);
    expect(states.map(({ failure }) => failure)).toEqual([undefined, undefined]);
  });

  it('fence a write that was under way for longer than its lease, and the view is right', async () => {
    bench = new ViewBench();
    const gate = new Gate('view.write');
    bench.start('paused', gate.interfere);
    bench.log.append({ type: 'Purchased', customer: 'c1', n: 1 });
    await bench.caughtUp();
    gate.holding = true;
    bench.log.append({ type: 'Purchased', customer: 'c1', n: 2 });
    await bench.time.pass(1);
    expect(gate.held).toBe(1);
    // The paused process beats no more: its beats are behind the write that hangs.
    const beat = bench.store.control.beat.bind(bench.store.control);
    bench.store.control.beat = async (projection, epoch) =>
      epoch === 1 ? new Promise(() => undefined) : beat(projection, epoch);
    bench.start('successor');
    await bench.caughtUp();
    bench.log.append({ type: 'Purchased', customer: 'c1', n: 3 });
    await bench.caughtUp();
    gate.letGo();
    bench.store.control.beat = beat;
    await bench.time.pass(1);
    expect(bench.told).toContain('paused: fenced at document');
    expect(await bench.view()).toEqual(expectedView(bench.log.events));
  });

  it('fence the checkpoint of an owner that was overtaken', async () => {
    bench = new ViewBench();
    const gate = new Gate('control.saveCheckpoint');
    bench.start('paused', gate.interfere);
    await bench.time.pass(1);
    gate.holding = true;
    bench.log.append({ type: 'Purchased', customer: 'c1', n: 2 });
    await bench.time.pass(1);
    const { epoch } = (await bench.store.control.currentEpoch(bench.id))!;
    await bench.store.control.claimEpoch(bench.id, 'usurper', epoch + 1);
    gate.letGo();
    await bench.time.pass(1);
    expect(bench.told).toContain('paused: fenced at checkpoint');
    expect(await bench.store.control.loadCheckpoint(bench.id)).toMatchObject({ position: -1 });
  });

  it('keep an owner that wakes past its lease from starting a write at all', async () => {
    bench = new ViewBench();
    const operations: string[] = [];
    bench.start('sleeper', (name, perform) => (operations.push(name), perform()));
    await bench.time.pass(1);
    operations.length = 0;
    bench.time.jump(TIMES.lease);
    bench.log.append({ type: 'Purchased', customer: 'c1', n: 2 });
    await bench.time.pass(0);
    expect(operations).not.toContain('view.write');
    expect(operations).not.toContain('control.beat');
    expect(bench.told).toContain('sleeper: fenced at lease');
    // Nobody else claimed meanwhile: it claims the next epoch itself.
    await bench.caughtUp();
    expect(bench.told.at(-1)).toBe('sleeper: acquired 2');
    expect(await bench.view()).toEqual(expectedView(bench.log.events));
  });

  it('end with the right documents, whenever one of them sleeps and whatever of it arrives late', async () => {
    let fenced = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(event, { minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 6 }),
        fc.constantFrom('view.write', 'view.load', 'control.saveCheckpoint', 'control.park', 'control.beat'),
        fc.nat(5),
        fc.integer({ min: 1, max: 4 }),
        async (parts, operation, sleeps, batchSize) => {
          const own = new ViewBench(new ArrayLog('log-1', batchSize));
          const gate = new Gate(operation);
          // While its operation is on its way the process does not run, so nothing else of it goes out.
          const asleep = new Gate('control.beat');
          own.start('sleeper', (name, perform) =>
            gate.interfere(name, () => asleep.interfere(name, perform)),
          );
          await own.time.pass(1);
          own.start('other');
          for (const [i, part] of parts.entries()) {
            if (i === sleeps) gate.holding = asleep.holding = true;
            own.log.append(...part);
            await own.time.pass(400);
          }
          if (gate.held > 0) await own.caughtUp();
          gate.letGo();
          asleep.letGo();
          await own.caughtUp();
          await own.time.pass(4 * waited);
          expect(await own.view()).toEqual(expectedView(own.log.events));
          fenced += own.told.filter((what) => what.includes('fenced at')).length;
          await own.stop();
        },
      ),
      { numRuns: 80 },
    );
    expect(fenced).toBeGreaterThan(0);
  });
});
