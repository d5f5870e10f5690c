import { afterEach, describe, expect, it } from '@jest/globals';
import type { CurrentEvent } from '@rapport/contracts';
import { KeysUnavailable } from '@rapport/privacy';
import type { FieldOpener, Projection } from '../projection.ts';
import { ArrayLog } from '../testing/arrayLog.ts';
import { Gate } from '../testing/faultyStore.ts';
import { expectedView } from '../testing/independentFold.ts';
import { dataOf, tierProjection } from '../testing/tierProjection.ts';
import { ViewBench } from '../testing/viewBench.ts';
import { ViewStoreError } from '../viewStoreError.ts';

describe('a key whose event cannot be folded', () => {
  let bench = new ViewBench();
  let broken = true;
  afterEach(() => bench.stop());

  /** Purchases of 13 cannot be folded while `broken`. */
  const repairable: Projection = {
    ...tierProjection,
    fold(body, event, key) {
      if (broken && dataOf(event).n === 13) throw new RangeError('private details');
      return tierProjection.fold(body, event, key);
    },
  };
  const given = (batchSize = 3): void => {
    broken = true;
    bench = new ViewBench(new ArrayLog('log-1', batchSize), undefined, repairable);
    bench.log.append(
      { type: 'Purchased', customer: 'c1', n: 1 },
      { type: 'Purchased', customer: 'c2', n: 1 },
      { type: 'Purchased', customer: 'c1', n: 13 },
      { type: 'Purchased', customer: 'c1', n: 2 },
      { type: 'Purchased', customer: 'c2', n: 2 },
      { type: 'Referred', customer: 'c2', n: 1 },
    );
  };

  it('is parked with stream, index and type of the error; others go on, also in the same event', async () => {
    given();
    bench.start('one');
    await bench.caughtUp();
    expect(await bench.store.control.parked('tier@1', { limit: 10 })).toEqual([
      { projection: 'tier@1', key: 'c1', index: 2, stream: 'customer-c1', reason: 'RangeError' },
    ]);
    expect(bench.told).toContain('one: parked c1 at 2: RangeError');
    const { documents } = await bench.view();
    expect(documents['c1']).toEqual({ spend: 1, history: ['purchased 1'] });
    expect(documents['c2']).toEqual({ spend: 3, history: ['purchased 1', 'purchased 2', 'referred c1'] });
  });

  it('stays parked after a restart, whatever comes later', async () => {
    given();
    await bench.start('one').stop();
    bench.start('two');
    await bench.caughtUp();
    await bench.stop();
    const { store, log } = bench;
    broken = false;
    bench = new ViewBench(log, store, repairable);
    const runner = bench.start('three');
    log.append({ type: 'Purchased', customer: 'c1', n: 100 });
    await bench.caughtUp();
    expect((await bench.view()).documents['c1']).toEqual({ spend: 1, history: ['purchased 1'] });
    expect(await runner.parkedKey('tier@1', 'c1')).toMatchObject({ index: 2 });
    expect(await runner.parkedKey('tier@1', 'c2')).toBeUndefined();
  });

  it('folds everything it missed once it is unparked, and what comes after', async () => {
    given();
    const runner = bench.start('one');
    await bench.caughtUp();
    broken = false;
    expect(await runner.unpark('tier@1', 'c1')).toEqual({ status: 'unparked' });
    expect(await bench.view()).toEqual(expectedView(bench.log.events));
    bench.log.append({ type: 'Purchased', customer: 'c1', n: 5 });
    await bench.caughtUp();
    expect(await bench.view()).toEqual(expectedView(bench.log.events));
    expect(bench.told).toContain('one: unparked c1');
    expect(await runner.unpark('tier@1', 'c1')).toEqual({ status: 'not-parked' });
  });

  it('stays parked at the next event that fails, and keeps what went well before it', async () => {
    given();
    const runner = bench.start('one');
    await bench.caughtUp();
    broken = false;
    bench.log.append(
      { type: 'Purchased', customer: 'c1', n: -1 },
      { type: 'Purchased', customer: 'c1', n: 7 },
    );
    await bench.caughtUp();
    expect(await runner.unpark('tier@1', 'c1')).toMatchObject({ status: 'parked', entry: { index: 6 } });
    expect(await bench.view()).toEqual(expectedView(bench.log.events));
  });

  it('can be unparked while others are folded, missing nothing that arrives meanwhile', async () => {
    given(1);
    const gate = new Gate('view.write');
    const runner = bench.start('one', gate.interfere);
    await bench.caughtUp();
    broken = false;
    gate.holding = true;
    bench.log.append({ type: 'Purchased', customer: 'c2', n: 9 });
    await bench.time.pass(1);
    const unparking = runner.unpark('tier@1', 'c1');
    for (let n = 20; n < 30; n++)
      bench.log.append({ type: 'Purchased', customer: n % 2 === 0 ? 'c1' : 'c2', n });
    await bench.time.pass(1);
    gate.letGo();
    expect(await unparking).toEqual({ status: 'unparked' });
    await bench.caughtUp();
    expect(await bench.view()).toEqual(expectedView(bench.log.events));
  });

  it('misses nothing that arrives in the very moment in which it is let go', async () => {
    for (let ticks = 0; ticks < 40; ticks++) {
      given();
      const runner = bench.start('one');
      await bench.caughtUp();
      broken = false;
      const { log } = bench;
      const readCounted = log.readCounted.bind(log);
      log.readCounted = async (...parameters) => {
        log.readCounted = readCounted;
        const page = await readCounted(...parameters);
        let left = ticks;
        const tick = (): void => {
          if (left-- > 0) queueMicrotask(tick);
          else log.append({ type: 'Purchased', customer: 'c1', n: 50 });
        };
        tick();
        return page;
      };
      expect(await runner.unpark('tier@1', 'c1')).toEqual({ status: 'unparked' });
      await bench.caughtUp();
      expect(await bench.view()).toEqual(expectedView(log.events));
      await bench.stop();
    }
  });

  it('is known as parked from the moment that another owner takes over, and can be unparked then', async () => {
    given();
    const first = bench.start('one');
    await bench.caughtUp();
    await first.stop();
    broken = false;
    let reading = 0;
    let letGo = (): void => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    // The new owner's first look at what is parked takes its time.
    const successor = bench.start('two', async (name, perform) => {
      if (name === 'control.parked' && ++reading === 1) await gate;
      return perform();
    });
    await bench.time.pass(1);
    expect(bench.told).toContain('two: acquired 2');
    expect(await successor.parkedKey('tier@1', 'c1')).toMatchObject({ index: 2 });
    const unparking = successor.unpark('tier@1', 'c1');
    await bench.time.pass(1);
    letGo();
    expect(await unparking).toEqual({ status: 'unparked' });
    await bench.caughtUp();
    expect(await bench.view()).toEqual(expectedView(bench.log.events));
  });

  it('is told as parked to each of two who try at once to let it go, where it fails again', async () => {
    given();
    const runner = bench.start('one');
    await bench.caughtUp();
    const answers = await Promise.all([runner.unpark('tier@1', 'c1'), runner.unpark('tier@1', 'c1')]);
    const parked = { status: 'parked', entry: { key: 'c1', index: 2 } };
    expect(answers).toMatchObject([parked, parked]);
  });

  it('tells whoever is letting it go why that broke off, where the owner ends meanwhile', async () => {
    given();
    let away = false;
    const runner = bench.start('one', (name, perform) =>
      away && name.startsWith('view.')
        ? Promise.reject(new ViewStoreError('unavailable', 'away'))
        : perform(),
    );
    await bench.caughtUp();
    broken = false;
    const { log } = bench;
    const readCounted = log.readCounted.bind(log);
    let letGo = (): void => undefined;
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    log.readCounted = async (...parameters) => {
      await gate;
      return readCounted(...parameters);
    };
    const unparking = runner.unpark('tier@1', 'c1').catch((error: unknown) => error);
    await bench.time.pass(1);
    away = true;
    log.append({ type: 'Purchased', customer: 'c9', n: 1 });
    await bench.time.pass(1);
    expect(bench.told).toContain('one: retrying');
    letGo();
    expect(await unparking).toMatchObject({ name: 'ViewStoreError', failure: 'unavailable' });
    away = false;
  });

  it('costs the same however many are parked: at a start, for a batch, a status and a question', async () => {
    const asked = async (parkedKeys: number): Promise<readonly string[]> => {
      given();
      await bench.store.control.park(
        Array.from({ length: parkedKeys }, (_, n) => ({
          projection: 'tier@1',
          key: `k${n}`,
          index: 0,
          stream: 'customer-k',
          reason: 'TypeError',
        })),
      );
      await bench.store.control.claimEpoch('tier@1', 'former', 1);
      await bench.store.control.saveCheckpoint('tier@1', 1, { logId: 'log-1', index: -1, position: 0 });
      await bench.store.control.release('tier@1', 1);
      const operations: string[] = [];
      const runner = bench.start('one', (name, perform) => {
        operations.push(name);
        return perform();
      });
      await bench.caughtUp();
      const [status] = await runner.status();
      expect(status!.parkedKeys).toBe(parkedKeys + 1);
      expect(status!.parked.length).toBeLessThanOrEqual(1_000);
      expect(await runner.parkedKey('tier@1', 'k7')).toMatchObject({ index: 0 });
      expect(await runner.unpark('tier@1', 'k7')).toEqual({ status: 'unparked' });
      await bench.stop();
      return operations;
    };
    const [few, many] = [await asked(10), await asked(5_000)];
    const isPage = (name: string): boolean => name === 'control.parked';
    expect(many.filter((name) => !isPage(name))).toEqual(few.filter((name) => !isPage(name)));
    // Beside the batches, they are looked through once, page by page, for what can be let go.
    expect(many.filter(isPage).length - few.filter(isPage).length).toBe(5_000 / 500);
  });

  it('can be unparked by the owner only', async () => {
    given();
    bench.start('one');
    await bench.caughtUp();
    const standby = bench.start('two');
    expect(await standby.unpark('tier@1', 'c1')).toEqual({ status: 'not-owner' });
    expect(await standby.parkedKey('tier@1', 'c1')).toMatchObject({ index: 2 });
  });
});

describe('sealed fields', () => {
  let bench = new ViewBench();
  afterEach(() => bench.stop());

  const opening: Projection = { ...tierProjection, opens: { 'crm.profiles.Purchased': ['n'] } };
  const open = (event: CurrentEvent): CurrentEvent => ({
    ...event,
    data: { customer: dataOf(event).customer, n: 40 },
  });
  const given = (): void => {
    bench = new ViewBench(new ArrayLog(), undefined, opening);
    bench.log.append(
      { type: 'Purchased', customer: 'c1', n: 1 },
      { type: 'Registered', customer: 'c1' },
      { type: 'Purchased', customer: 'c2', n: 2 },
    );
  };

  it.each([
    ['at once', { open }],
    ['later', { open: async (event: CurrentEvent) => open(event) }],
  ])('are opened before folding, where the projection names them, %s', async (_, opener: FieldOpener) => {
    given();
    bench.start('one', undefined, { opener });
    await bench.caughtUp();
    expect((await bench.view()).documents).toEqual({
      c1: { spend: 40, history: ['purchased 40', 'registered 0'] },
      c2: { spend: 40, history: ['purchased 40'] },
    });
  });

  it('wait while keys are unavailable: nothing is blanked, nothing is parked', async () => {
    given();
    let available = false;
    const opener: FieldOpener = {
      open(event) {
        if (!available) throw new KeysUnavailable();
        return open(event);
      },
    };
    const runner = bench.start('one', undefined, { opener });
    await bench.time.pass(60_000);
    expect(await bench.view()).toEqual({ documents: {}, parked: {} });
    expect((await runner.status())[0]).toMatchObject({ state: 'waiting-for-keys', lag: 3, parked: [] });
    // It has kept its lease all the while.
    expect(bench.told.filter((what) => what.includes('acquired'))).toEqual(['one: acquired 1']);
    available = true;
    await bench.caughtUp();
    expect((await bench.view()).documents['c2']).toEqual({ spend: 40, history: ['purchased 40'] });
    expect((await runner.status())[0]!.state).toBe('owner');
  });

  it('that are damaged park the keys of their event', async () => {
    given();
    const opener: FieldOpener = {
      open(event) {
        if (dataOf(event).n === 1) throw new SyntaxError('authentication failed');
        return open(event);
      },
    };
    bench.start('one', undefined, { opener });
    await bench.caughtUp();
    expect(await bench.view()).toEqual({
      documents: { c2: { spend: 40, history: ['purchased 40'] } },
      parked: { c1: 0 },
    });
  });
});
