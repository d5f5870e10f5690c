import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryViewStore } from '@rapport/views';
import { ArrayLog, FaultyStore, Gate, settled } from '@rapport/views/testing';
import { Replica } from '../testing/replica.ts';
import { GRACE_MS, LOOK_MS } from './keepingTimes.ts';

const VIEW = 'tier';
/** Until a left-over version is gone: owners that died are waited for, too. */
const SURELY_DROPPED_MS = 2 * GRACE_MS;

describe('views of two replicas over one store', () => {
  let log: ArrayLog;
  let store: MemoryViewStore;
  let gate: Gate;
  let one: Replica;
  let two: Replica;

  beforeEach(async () => {
    log = new ArrayLog();
    for (let n = 1; n <= 5; n += 1) log.append({ type: 'Purchased', customer: `c${n}`, n });
    store = new MemoryViewStore();
    gate = new Gate('view.get');
    one = new Replica(log, store);
    two = new Replica(log, new FaultyStore(store, gate.interfere));
    await passing(one.kept.start());
    await passing(two.kept.start());
    await pass(LOOK_MS);
  });

  afterEach(async () => {
    await passing(Promise.all([one.kept.stop(), two.kept.stop()]));
    expect([...one.alerts, ...two.alerts].filter((alert) => !alert.startsWith('projection fenced'))).toEqual(
      [],
    );
  });

  async function pass(ms: number, replicas = [one, two]): Promise<void> {
    for (let left = ms; left > 0; left -= 50) for (const { time } of replicas) await time.pass(50);
  }

  /** Lets time pass until it has happened. */
  async function passing<T>(happening: Promise<T>, replicas = [one, two]): Promise<T> {
    let over = false;
    const end = (): void => void (over = true);
    happening.then(end, end);
    for (await settled(); !over; await settled()) await pass(50, replicas);
    return happening;
  }

  async function renewed(replica: Replica, replicas = [one, two]): Promise<number> {
    const { version } = await passing(replica.kept.rebuild(VIEW), replicas);
    await passing(replica.kept.switchTo(VIEW, version), replicas);
    return version;
  }

  it('both answer from the new version soon after a switch, and always find what is there', async () => {
    for (const switching of [one, one, two, one]) {
      const { version } = await passing(switching.kept.rebuild(VIEW));
      expect([await one.spend('c3'), await two.spend('c3')]).toEqual([3, 3]);
      await passing(switching.kept.switchTo(VIEW, version));
      expect([await one.spend('c3'), await two.spend('c3')]).toEqual([3, 3]);
      await pass(LOOK_MS);
      expect([one.answers, two.answers]).toEqual([version, version]);
      expect([await one.spend('c3'), await two.spend('c3')]).toEqual([3, 3]);
    }
  });

  it('either shows, compares and switches what the other began, and switches back', async () => {
    const { version } = await passing(one.kept.rebuild(VIEW));
    const shown = await passing(two.kept.status());
    expect(shown.map(({ projection, live }) => [projection, live])).toEqual([
      ['tier@1000', true],
      [`tier@${version}`, false],
    ]);
    await pass(LOOK_MS);
    expect(await two.kept.compare(VIEW)).toMatchObject({ live: 5, equal: 5 });
    await passing(two.kept.switchTo(VIEW, version));
    await passing(one.kept.switchTo(VIEW, 1_000));
    expect(await store.versions(VIEW)).toEqual({ live: 1_000, beside: version, all: [1_000, version] });
  });

  it('of rebuilds and switches at once every one is carried out or refused, and one version is beside the live one', async () => {
    const rebuilt = await passing(Promise.all([one.kept.rebuild(VIEW), two.kept.rebuild(VIEW)]));
    expect(new Set(rebuilt.map(({ version }) => version)).size).toBe(2);
    const { beside } = await store.versions(VIEW);
    const switched = await passing(
      Promise.allSettled([one, two].map(({ kept }) => kept.switchTo(VIEW, beside!))),
    );
    expect(switched.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await store.versions(VIEW)).toMatchObject({ live: beside, beside: 1_000 });
  });

  it('drops what is left over once its grace is over, and never gives its number again', async () => {
    await renewed(one);
    const latest = await renewed(two);
    expect((await store.versions(VIEW)).all).toEqual([1_000, latest - 1, latest]);
    await pass(GRACE_MS / 2);
    expect((await store.versions(VIEW)).all).toContain(1_000);
    await pass(SURELY_DROPPED_MS);
    expect(await store.versions(VIEW)).toEqual({
      live: latest,
      beside: latest - 1,
      all: [latest - 1, latest],
    });
    expect((await store.control.currentEpoch('tier@1000'))?.released).toBe(true);

    const { version: given } = await passing(one.kept.rebuild(VIEW));
    const { version: next } = await passing(two.kept.rebuild(VIEW));
    await pass(SURELY_DROPPED_MS);
    expect((await store.versions(VIEW)).all).toEqual([latest, next]);
    await store.drop(VIEW, next);
    expect((await passing(one.kept.rebuild(VIEW))).version).toBeGreaterThan(Math.max(given, next));
  });

  it('one that slept while its version was dropped answers from the new one', async () => {
    await renewed(one, [one]);
    await renewed(one, [one]);
    await pass(SURELY_DROPPED_MS, [one]);
    expect((await store.versions(VIEW)).all).not.toContain(1_000);
    two.time.jump(SURELY_DROPPED_MS);
    expect(two.answers).toBe(1_000);
    expect(await two.spend('c3')).toBe(3);
    await pass(LOOK_MS);
    await pass(SURELY_DROPPED_MS);
    expect((await store.versions(VIEW)).all).toHaveLength(2);
  });

  it('a query that slept on its way while its version was dropped is asked again', async () => {
    gate.holding = true;
    const asked = two.spend('c3');
    await settled();
    expect(gate.held).toBe(1);
    await renewed(one, [one]);
    await renewed(one, [one]);
    await pass(SURELY_DROPPED_MS, [one]);
    two.time.jump(SURELY_DROPPED_MS);
    gate.letGo();
    expect(await asked).toBe(3);
  });
});
