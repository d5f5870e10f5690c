import { afterEach, describe, expect, it } from '@jest/globals';
import { Problem } from '@rapport/platform';
import { documentCaches } from '../testing/documentCaches.ts';
import { ArrayLog } from '../testing/arrayLog.ts';
import { dyingAt, FaultyStore } from '../testing/faultyStore.ts';
import type { Interfere } from '../testing/faultyStore.ts';
import { expectedView } from '../testing/independentFold.ts';
import { dataOf, restartingProjection, tierProjection } from '../testing/tierProjection.ts';
import { ViewBench } from '../testing/viewBench.ts';
import { settled } from '@rapport/platform/testing';
import type { Projection } from '../projection.ts';
import { ViewStoreError } from '../viewStoreError.ts';

describe('the projection runner', () => {
  let bench = new ViewBench();
  const fresh = (...parameters: ConstructorParameters<typeof ViewBench>): ViewBench =>
    (bench = new ViewBench(...parameters));
  afterEach(() => bench.stop());

  const some = (): void =>
    bench.log.append(
      { type: 'Registered', customer: 'c1' },
      { type: 'Purchased', customer: 'c1', n: 5 },
      { type: 'Noise', customer: 'c1' },
      { type: 'CheckpointSigned', customer: 'x', uncounted: true },
      { type: 'Referred', customer: 'c1', n: 2 },
      { type: 'Registered', customer: 'c3' },
      { type: 'Erased', customer: 'c3' },
      { type: 'Purchased', customer: 'c1', n: 7 },
    );

  it('folds what is stored, then what is appended, and saves how far it is', async () => {
    fresh();
    some();
    bench.start('one');
    await bench.caughtUp();
    expect(await bench.view()).toEqual(expectedView(bench.log.events));
    expect((await bench.view()).documents['c1']).toEqual({
      spend: 12,
      history: ['registered 0', 'purchased 5', 'referred c2', 'purchased 7'],
    });
    bench.log.append({ type: 'Purchased', customer: 'c2', n: 1 });
    await bench.caughtUp();
    expect(await bench.view()).toEqual(expectedView(bench.log.events));
    expect(await bench.store.control.loadCheckpoint('tier@1')).toEqual({
      logId: 'log-1',
      index: 7,
      position: 83,
    });
  });

  it('writes each document once per batch, with the index of the last event that changed it', async () => {
    fresh();
    some();
    const writes: unknown[] = [];
    bench.start('one', async (name, perform) => {
      const result = await perform();
      if (name === 'view.write') writes.push(result);
      return result;
    });
    await bench.caughtUp();
    expect(writes).toEqual([{ written: 3, fenced: 0 }]);
    const view = await bench.store.open(tierProjection);
    expect((await view.get('c1'))?.index).toBe(6);
    expect((await view.get('c2'))?.index).toBe(3);
    expect((await view.load(['c3'])).get('c3')).toEqual({ key: 'c3', index: 5, body: null });
  });

  it('does not read what an event starts anew, except where an earlier owner may have written it', async () => {
    fresh(undefined, undefined, restartingProjection);
    const loads: string[] = [];
    const spy: Interfere = (name, perform) => {
      if (name === 'view.load') loads.push(name);
      return perform();
    };
    bench.log.append({ type: 'Registered', customer: 'c1' }, { type: 'Purchased', customer: 'c1', n: 5 });
    const first = bench.start('first', spy);
    await bench.caughtUp();
    await first.stop();
    expect(loads).toEqual([]);

    bench.log.append({ type: 'Registered', customer: 'c1' });
    bench.start('second', spy);
    await bench.caughtUp();
    expect(loads).toHaveLength(1);
    bench.log.append({ type: 'Registered', customer: 'c2' });
    await bench.caughtUp();
    expect(loads).toHaveLength(1);
    expect(await bench.view()).toEqual(expectedView(bench.log.events, { startsAnew: true }));
  });

  it('parks a key whose event is said to start a document and makes none', async () => {
    fresh(undefined, undefined, { ...tierProjection, starts: ['crm.profiles.Erased'] });
    bench.log.append({ type: 'Registered', customer: 'c1' }, { type: 'Erased', customer: 'c1' });
    bench.start('one');
    await bench.caughtUp();
    expect(bench.told).toContain('one: parked c1 at 1: TypeError');
  });

  it('moves its position past events that are not counted, and lets an observer see them', async () => {
    fresh();
    const seen: string[] = [];
    bench.log.append({ type: 'CheckpointSigned', customer: 'x', uncounted: true });
    bench.start('one', undefined, { events: { uncounted: (_, event) => void seen.push(event.type) } });
    await bench.caughtUp();
    expect(await bench.store.control.loadCheckpoint('tier@1')).toEqual({
      logId: 'log-1',
      index: -1,
      position: 3,
    });
    expect(seen).toEqual(['crm.profiles.CheckpointSigned']);
  });

  it('saves one checkpoint for many batches that touch nothing, soon, and when it is stopped', async () => {
    fresh();
    let saved = 0;
    const counting: Interfere = (name, perform) => {
      if (name === 'control.saveCheckpoint') saved++;
      return perform();
    };
    const runner = bench.start('one', counting);
    await bench.caughtUp();
    saved = 0;
    for (let n = 0; n < 10; n++) {
      bench.log.append({ type: 'Noise', customer: 'c1' });
      await settled();
    }
    const { position } = await bench.log.head();
    expect(await runner.reached('tier@1', position, 0)).toBe(true);
    expect(saved).toBe(0);
    await bench.time.pass(200);
    expect(saved).toBe(1);
    expect((await bench.store.control.loadCheckpoint('tier@1'))?.position).toBe(position);
    bench.log.append({ type: 'Noise', customer: 'c1' });
    await settled();
    await runner.stop();
    expect((await bench.store.control.loadCheckpoint('tier@1'))?.position).toBe(position + 10);
  });

  it('does not read a document again that it has just written, and forgets those that it has not used', async () => {
    fresh();
    const loaded: string[] = [];
    const noting = new FaultyStore(bench.store, async (_, perform) => perform());
    const open = noting.open.bind(noting);
    noting.open = async (definition) => {
      const view = await open(definition);
      return Object.assign(Object.create(view), {
        load: (keys: readonly string[]) => (loaded.push(...keys), view.load(keys)),
      });
    };
    bench.start('one', undefined, { store: noting, caches: documentCaches(750) });
    for (const customer of ['c1', 'c1', 'c2', 'c3', 'c1']) {
      bench.log.append({ type: 'Purchased', customer, n: 1 });
      await bench.caughtUp();
    }
    expect(loaded).toEqual(['c1', 'c2', 'c3', 'c1']);
    expect(await bench.view()).toEqual(expectedView(bench.log.events));
  });

  it('sweeps tombstones once no older write can be under way', async () => {
    fresh(new ArrayLog('log-1', 500));
    const come = (from: number, to: number): void => {
      for (let n = from; n < to; n++) {
        bench.log.append({ type: 'Registered', customer: `k${n}` });
        bench.log.append({ type: 'Erased', customer: `k${n % 2 === 0 ? n : n - 1}` });
      }
    };
    come(0, 4_000);
    bench.start('one');
    await bench.caughtUp();
    const keys = Array.from({ length: 4_000 }, (_, n) => `k${n}`);
    const stored = await (await bench.store.open(tierProjection)).load(keys);
    const tombstones = [...stored.values()].filter(({ body }) => body === null);
    expect(tombstones.length).toBeGreaterThan(0);
    expect(tombstones.length).toBeLessThan(2_000);
    expect(await bench.view()).toEqual(expectedView(bench.log.events));
  });

  it('starts a view again when the checkpoint is of another log', async () => {
    fresh();
    some();
    bench.log.append({ type: 'Purchased', customer: 'c9', n: -1 });
    bench.start('one');
    await bench.caughtUp();
    await bench.stop();
    const { store } = bench;
    fresh(new ArrayLog('log-2'), store);
    bench.log.append({ type: 'Purchased', customer: 'c1', n: 1 });
    bench.start('two');
    await bench.caughtUp();
    expect(bench.told).toContain('two: started again');
    expect(await bench.view()).toEqual(expectedView(bench.log.events));
    expect((await store.control.loadCheckpoint('tier@1'))?.logId).toBe('log-2');
  });

  it('refuses a log that is shorter than its checkpoint', async () => {
    fresh();
    some();
    bench.start('one');
    await bench.caughtUp();
    await bench.stop();
    const { store } = bench;
    fresh(new ArrayLog('log-1'), store);
    const runner = bench.start('two');
    await bench.time.until(async () => (await runner.status())[0]!.state === 'failed');
    expect(bench.told).toContain('two: failed: LogMismatch');
  });

  it('stops loudly where the store is damaged', async () => {
    fresh();
    some();
    const runner = bench.start('one', (name, perform) =>
      name === 'view.write' ? Promise.reject(new ViewStoreError('damaged', 'rebuild it')) : perform(),
    );
    await bench.time.until(async () => (await runner.status())[0]!.state === 'failed');
    expect(bench.told).toContain('one: failed: ViewStoreError');
    expect((await runner.status())[0]).toMatchObject({
      state: 'failed',
      lag: 7,
      failure: 'ViewStoreError damaged',
      parked: [],
    });
  });

  it.each([[['']], [[7]], [[undefined]], [['x'.repeat(201)]], [['a\0b']], [['\ud800']], [['stream:c1']]])(
    'parks the stream of an event whose document a projection names by what is no key: %j',
    async (keys) => {
      fresh(new ArrayLog(), undefined, {
        ...tierProjection,
        keys: (event) => (dataOf(event).n === 13 ? (keys as string[]) : tierProjection.keys(event)),
      });
      bench.log.append(
        { type: 'Purchased', customer: 'c1', n: 13 },
        { type: 'Purchased', customer: 'c2', n: 1 },
      );
      bench.start('one');
      await bench.caughtUp();
      expect(bench.told).toContain('one: parked stream:customer-c1 at 0: InvalidKey');
      expect((await bench.view()).documents).toEqual({ c2: { spend: 1, history: ['purchased 1'] } });
    },
  );

  it('tries again when the store does not answer for a while', async () => {
    fresh();
    some();
    let failing = 3;
    const outage = dyingAt(0, 'before');
    bench.start('one', (name, perform) =>
      name === 'view.write' && failing-- > 0 ? outage(name, perform) : perform(),
    );
    await bench.caughtUp();
    expect(bench.told.filter((what) => what === 'one: retrying')).toHaveLength(3);
    expect(await bench.view()).toEqual(expectedView(bench.log.events));
  });

  it('tries again when the store fails in a way that nobody knows, and says so until it passes', async () => {
    fresh();
    some();
    let broken = true;
    const runner = bench.start('one', async (name, perform) => {
      if (broken && name === 'view.write') throw new ViewStoreError('unexpected', 'InternalError (1)');
      return perform();
    });
    const state = async () => (await runner.status())[0]!;
    await bench.time.until(() => bench.told.filter((what) => what === 'one: retrying').length > 5);
    expect(await state()).toMatchObject({ state: 'standby', failure: 'ViewStoreError unexpected' });
    broken = false;
    await bench.caughtUp();
    expect(await state()).toMatchObject({ state: 'owner', failure: undefined });
    expect(await bench.view()).toEqual(expectedView(bench.log.events));
  });

  it('tries again when the log is away, as one in another process says it', async () => {
    const log = new (class extends ArrayLog {
      away = 3;
      override async head(): Promise<{ position: number; index: number }> {
        this.away -= 1;
        if (this.away >= 0) throw new Problem({ kind: 'unavailable', detail: 'The ledger does not answer.' });
        return super.head();
      }
    })();
    fresh(log);
    some();
    bench.start('one');
    await bench.time.until(async () => log.away < 0);
    await bench.caughtUp();
    expect(await bench.view()).toEqual(expectedView(bench.log.events));
    expect(bench.told).toContain('one: retrying');
    expect(bench.told.filter((what) => what.includes('failed'))).toEqual([]);
  });

  it('keeps several projections, each at its own pace', async () => {
    fresh();
    some();
    const names: Projection = {
      ...tierProjection,
      name: 'names',
      keys: (event) => [dataOf(event).customer],
      fold: (body) => ({ seen: ((body?.['seen'] as number | undefined) ?? 0) + 1 }),
    };
    const runner = bench.start('one', undefined, { projections: [tierProjection, names] });
    await bench.caughtUp();
    await bench.time.until(async () => (await runner.status()).every(({ lag }) => lag === 0));
    expect((await (await bench.store.open(names)).get('c1'))?.body).toEqual({ seen: 4 });
    expect((await bench.view()).documents).toEqual(expectedView(bench.log.events).documents);
  });

  describe('waiting for a position', () => {
    it('resolves once the view shows it, at once where it does', async () => {
      fresh();
      const runner = bench.start('one');
      some();
      const { position } = await bench.log.head();
      expect(await Promise.all([runner.reached('tier@1', position, 1_000), bench.caughtUp()])).toContain(
        true,
      );
      expect(await runner.reached('tier@1', position, 0)).toBe(true);
    });

    it('gives up at its deadline', async () => {
      fresh();
      const runner = bench.start('one');
      const reached = runner.reached('tier@1', 3, 200);
      let answer: boolean | undefined;
      void reached.then((value) => (answer = value));
      await bench.time.pass(199);
      expect(answer).toBeUndefined();
      await bench.time.pass(1);
      await settled();
      expect(answer).toBe(false);
    });

    it('works for one that stands by, from the checkpoint', async () => {
      fresh();
      bench.start('owner');
      await bench.time.pass(10);
      const standby = bench.start('standby');
      some();
      const { position } = await bench.log.head();
      const reached = standby.reached('tier@1', position, 1_000);
      await bench.time.pass(200);
      expect(await reached).toBe(true);
      expect((await standby.status())[0]!.state).toBe('standby');
    });
  });
});
