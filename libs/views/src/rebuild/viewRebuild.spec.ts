import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemMonotonicClock, systemTimers } from '@rapport/platform';
import { unwatched } from '@rapport/platform/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { testCaches } from '@rapport/platform/testing';
import { EmbeddedViewStore } from '../embedded/embeddedViewStore.ts';
import { MemoryViewStore } from '../memory/memoryViewStore.ts';
import type { Projection } from '../projection.ts';
import { ProjectionRunner } from '../runner/projectionRunner.ts';
import { ArrayLog } from '../testing/arrayLog.ts';
import { dyingAt, FaultyStore } from '../testing/faultyStore.ts';
import { expectedView } from '../testing/independentFold.ts';
import { tierProjection } from '../testing/tierProjection.ts';
import { ViewBench } from '../testing/viewBench.ts';
import { compareViews } from './compareViews.ts';
import { LiveView, makeFirstLive } from './liveView.ts';
import { ViewRebuild } from './viewRebuild.ts';

const second: Projection = { ...tierProjection, version: 2 };
const doubled: Projection = {
  ...second,
  fold(body, event, key) {
    const after = tierProjection.fold(body, event, key);
    return event.type === 'crm.profiles.Referred' && after ? { ...after, welcome: true } : after;
  },
};

describe('a view that is built anew beside the live one', () => {
  let bench = new ViewBench();
  let rebuild: ViewRebuild;
  afterEach(async () => {
    void rebuild.stop();
    await bench.stop();
  });

  const given = async (candidate: Projection): Promise<void> => {
    bench = new ViewBench(new ArrayLog('log-1', 4));
    await makeFirstLive(bench.store, tierProjection);
    for (let n = 1; n <= 5; n++) {
      bench.log.append(
        { type: 'Registered', customer: `c${n}` },
        { type: 'Purchased', customer: `c${n}`, n },
        { type: 'Referred', customer: `c${n}`, n: 1 },
      );
    }
    bench.log.append({ type: 'Erased', customer: 'c4' });
    bench.start('live');
    await bench.caughtUp();
    const { log, store, time } = bench;
    rebuild = new ViewRebuild(candidate, {
      log,
      store,
      owner: 'rebuild',
      clock: time,
      timers: time,
      caches: testCaches(),
      followers: unwatched(),
    });
  };
  const built = async (): Promise<boolean> => {
    rebuild.start();
    const caughtUp = rebuild.caughtUp(10_000);
    await bench.time.pass(50);
    return caughtUp;
  };

  it('has a checkpoint of its own, equals the live one, and answers once switched to', async () => {
    await given(second);
    expect(await built()).toBe(true);
    expect(await rebuild.compare(tierProjection)).toEqual({
      live: 4,
      candidate: 4,
      equal: 4,
      different: 0,
      apart: 0,
      onlyLive: 0,
      onlyCandidate: 0,
      differences: [],
    });
    const view = new LiveView(bench.store, [tierProjection, second], bench.time);
    expect(await view.version()).toBe(1);
    await rebuild.switch();
    await bench.time.pass(500);
    expect(await view.version()).toBe(2);
    expect((await (await view.collection()).get('c1'))?.body).toEqual(
      expectedView(bench.log.events).documents['c1'],
    );
    expect((await bench.store.control.loadCheckpoint('tier@2'))?.position).toBe(
      (await bench.log.head()).position,
    );
  });

  it('goes on beside it, so that switching back shows the present', async () => {
    await given(second);
    await built();
    await rebuild.switch();
    bench.log.append({ type: 'Purchased', customer: 'c2', n: 50 });
    await bench.caughtUp();
    await rebuild.switchBack(tierProjection);
    const view = new LiveView(bench.store, [tierProjection, second], bench.time);
    expect((await (await view.collection()).get('c2'))?.body).toEqual(
      expectedView(bench.log.events).documents['c2'],
    );
    expect((await rebuild.compare(tierProjection)).equal).toBe(4);
    await rebuild.stop();
    await bench.store.drop('tier', 2);
    expect(await bench.store.versions('tier')).toEqual({ live: 1, all: [1] });
  });

  it('is compared document by document: which, where, never what', async () => {
    await given(doubled);
    await built();
    const comparison = await rebuild.compare(tierProjection, { limit: 2 });
    expect(comparison).toMatchObject({ live: 4, candidate: 4, equal: 0, different: 4, apart: 0 });
    expect(comparison.differences).toEqual([
      { key: 'c1', kind: 'different', liveIndex: 14, candidateIndex: 14, fields: ['welcome'] },
      { key: 'c2', kind: 'different', liveIndex: 5, candidateIndex: 5, fields: ['welcome'] },
    ]);
    expect(JSON.stringify(comparison)).not.toContain('true');
  });

  it('is not switched to while it is behind or has parked keys', async () => {
    await given({
      ...second,
      fold() {
        throw new TypeError('not ready');
      },
    });
    const behind = expect(rebuild.switch(100)).rejects.toMatchObject({
      failure: 'invalid',
      message: expect.stringContaining('behind'),
    });
    await bench.time.pass(200);
    await behind;
    await built();
    await expect(rebuild.switch()).rejects.toMatchObject({ message: expect.stringContaining('parked') });
    expect((await bench.store.versions('tier')).live).toBe(1);
  });

  it('is built on from where it was when its building is broken off', async () => {
    await given(second);
    const { log, store, time } = bench;
    const died = new FaultyStore(store, dyingAt(14, 'after'));
    const victim = new ViewRebuild(second, {
      log,
      store: died,
      owner: 'victim',
      clock: time,
      timers: time,
      caches: testCaches(),
      followers: unwatched(),
    });
    victim.start();
    await time.pass(50);
    const { position } = (await store.control.loadCheckpoint('tier@2'))!;
    expect(position).toBeGreaterThan(0);
    expect(position).toBeLessThan((await log.head()).position);
    void victim.stop();
    await bench.store.control.release('tier@2', 1);
    expect(await built()).toBe(true);
    expect((await rebuild.compare(tierProjection)).equal).toBe(4);
  });
});

describe('comparing views', () => {
  it('tells apart what is missing, what differs and what has seen other events', async () => {
    const store = new MemoryViewStore();
    const live = await store.open(tierProjection);
    const candidate = await store.open(second);
    await live.write([
      { key: 'a', index: 1, body: { n: 1 } },
      { key: 'b', index: 1, body: { n: 1, deep: { x: 1, y: [1] } } },
      { key: 'c', index: 1, body: { n: 1 } },
      { key: 'd', index: 1, body: { n: 1 } },
      { key: 'e', index: 1, body: { n: 1 } },
    ]);
    await candidate.write([
      { key: 'b', index: 1, body: { n: 1, deep: { x: 2, y: [2] } } },
      { key: 'c', index: 2, body: { n: 2 } },
      { key: 'd', index: 9, body: { n: 1 } },
      { key: 'e', index: 1, body: null },
      { key: 'f', index: 1, body: { n: 1 } },
    ]);
    const { differences, ...counts } = await compareViews(live, candidate);
    expect(counts).toEqual({
      live: 5,
      candidate: 4,
      equal: 1,
      different: 1,
      apart: 1,
      onlyLive: 2,
      onlyCandidate: 1,
    });
    expect(differences.map(({ key, kind, fields }) => [key, kind, ...fields])).toEqual([
      ['a', 'only-live'],
      ['b', 'different', 'deep.x', 'deep.y'],
      ['c', 'apart', 'n'],
      ['e', 'only-live'],
      ['f', 'only-candidate'],
    ]);
  });
});

describe('comparing views that move', () => {
  it('looks again at a document that one side had not folded yet', async () => {
    const store = new MemoryViewStore();
    const live = await store.open(tierProjection);
    const candidate = await store.open(second);
    await candidate.write([{ key: 'a', index: 1, body: { n: 1 } }]);
    await live.write([{ key: 'a', index: 2, body: { n: 2 } }]);
    const arriving = Object.assign(Object.create(candidate) as typeof candidate, {
      async *scan() {
        for await (const document of candidate.scan()) yield document;
      },
      async get(key: string) {
        await candidate.write([{ key, index: 2, body: { n: 2 } }]);
        return candidate.get(key);
      },
    });
    expect(await compareViews(live, arriving)).toMatchObject({ equal: 1, apart: 0, differences: [] });
  });
});

describe('the embedded views', () => {
  it('are rebuilt from the log when their file was deleted, and a restart finds them again at once', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rapport-views-'));
    const path = join(folder, 'views.sqlite');
    const log = new ArrayLog('log-1', 7);
    for (let n = 0; n < 60; n++)
      log.append({ type: 'Purchased', customer: `c${n % 9}`, n }, { type: 'Erased', customer: `c${n % 11}` });
    const { position } = await log.head();
    const build = async (owner: string): Promise<unknown> => {
      const store = await EmbeddedViewStore.open(path);
      const clock = systemMonotonicClock;
      const runner = new ProjectionRunner({
        caches: testCaches(),
        projections: [tierProjection],
        log,
        store,
        owner,
        clock,
        timers: systemTimers,
        followers: unwatched(),
      });
      runner.start();
      expect(await runner.reached('tier@1', position, 4_000)).toBe(true);
      const bench = new ViewBench(log, store);
      const view = await bench.view();
      // Not stopped in order: the next one opens the file and knows that this owner is gone.
      if (owner === 'first') await store.close();
      await runner.stop();
      await store.close();
      return view;
    };
    try {
      expect(await build('first')).toEqual(expectedView(log.events));
      expect(await build('second')).toEqual(expectedView(log.events));
      await rm(path);
      expect(await build('third')).toEqual(expectedView(log.events));
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
