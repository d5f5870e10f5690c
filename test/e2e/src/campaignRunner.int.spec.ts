import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { event, profileEvents, streamName, type DataOf } from '@rapport/contracts';
import {
  CampaignRunner,
  type Campaign,
  type CampaignStand,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { Problem, systemTimers, type Timers } from '@rapport/platform';
import { eventually } from '@rapport/platform/testing';
import { parkedKeys } from './harness/recordedParked.ts';
import { idOf, World } from './harness/world.ts';

/** Between two looks at what another process does, no more than a moment. */
const hasty: Timers = {
  sleep: (ms, signal) => systemTimers.sleep(ms > 20_000 ? 30 : 0, signal),
  schedule: systemTimers.schedule,
};

describe('a campaign', () => {
  let world: World;
  let runners: CampaignRunner[];

  beforeEach(async () => {
    world = await World.open();
    runners = [];
  });

  afterEach(async () => {
    await Promise.all(runners.map((runner) => runner.stop()));
    await world.close();
  });

  const named = (name: string, year = 2026) =>
    world.given(
      streamName('customer', idOf(name)),
      event(profileEvents.PurchaseYearOpened, { customerId: idOf(name), year }),
    );

  function run(
    settle: (customerId: string) => Promise<void> | void = () => undefined,
    runtime: ServiceRuntime = world.runtime(),
  ) {
    const settled: string[] = [];
    const campaign: Campaign = {
      name: 'count-buyers',
      categories: ['customer'],
      keyOf: ({ type, data }) =>
        type === profileEvents.PurchaseYearOpened.type
          ? (data as DataOf<typeof profileEvents.PurchaseYearOpened>).customerId
          : undefined,
      async settle(key) {
        await settle(key);
        settled.push(key);
      },
    };
    const runner = new CampaignRunner(runtime, 'profiles', campaign);
    runners.push(runner);
    runner.start();
    return { runner, settled };
  }

  const stands = async () =>
    (await world.stream('campaign-count-buyers')).map(({ data }) => data as unknown as CampaignStand);
  const finished = () =>
    eventually(async () => expect((await stands()).at(-1)).toMatchObject({ finished: true }));
  const head = async () => (await world.ledger().head()).position;
  const ids = (...names: string[]) => names.map(idOf).sort();

  it('goes once through everything that the log names up to its cause, and records how far it has come', async () => {
    for (const name of ['a', 'b', 'c']) await named(name);
    await named('a', 2027);
    const { runner, settled } = run();
    await runner.begin({ id: 'cause', position: await head() });
    await named('later');
    await runner.idle();
    await finished();
    expect(settled.sort()).toEqual(ids('a', 'b', 'c'));
    expect((await stands()).at(-1)).toMatchObject({ settled: 3, parked: 0, cause: 'cause' });
    // Begun again for the same cause, or for an earlier one, it has nothing to do.
    await runner.begin({ id: 'cause', position: 0 });
    await runner.idle();
    expect(settled).toHaveLength(3);
  });

  it('parks a key that fails, and keeps no other waiting; it is tried again', async () => {
    for (const name of ['a', 'b', 'c']) await named(name);
    let broken = true;
    const { runner, settled } = run((key) => {
      if (broken && key === idOf('b')) throw new RangeError('a name that must not be told');
    });
    await runner.begin({ id: 'cause', position: await head() });
    await runner.idle();
    expect(settled.sort()).toEqual(ids('a', 'c'));
    expect((await stands()).at(-1)).toMatchObject({ settled: 2, parked: 1, finished: true });
    expect(await parkedKeys(world.store)).toMatchObject([
      { owner: 'campaign/count-buyers', key: idOf('b'), reason: 'RangeError' },
    ]);
    const told = world.alerts.filter(({ alert }) => alert === 'campaign parked');
    expect(told).toEqual([
      {
        alert: 'campaign parked',
        facts: { campaign: 'count-buyers', stream: 'campaign-count-buyers', reason: 'RangeError' },
      },
    ]);
    broken = false;
    world.clock.moveTo(world.clock.now() + 61_000);
    await runner.retryParked();
    expect(settled.sort()).toEqual(ids('a', 'b', 'c'));
    expect(await parkedKeys(world.store)).toEqual([]);
  });

  it('a restart goes on where it was', async () => {
    const names = Array.from({ length: 1_200 }, (_, n) => `customer ${n}`);
    for (const name of names) await named(name);
    let stopped: Promise<void> | undefined;
    const first = run(() => {
      if (first.settled.length < 700) return;
      stopped ??= first.runner.stop();
      throw new Problem({ kind: 'unavailable', detail: 'stopping' });
    });
    await first.runner.begin({ id: 'cause', position: await head() });
    await eventually(() => expect(stopped).toBeDefined());
    await stopped;
    const { throughPosition, settled } = (await stands()).at(-1)!;
    expect(throughPosition).toBeGreaterThan(0);
    expect(settled).toBe(500);
    // The next process is another one: it takes over what has stood still for half a minute.
    const second = run(undefined, { ...world.runtime(), timers: hasty });
    await finished();
    expect(second.settled).toHaveLength(1_200 - settled);
    expect(new Set([...first.settled, ...second.settled]).size).toBe(1_200);
    expect((await stands()).at(-1)).toMatchObject({ settled: 1_200 });
  });

  it('one process is at it, the other stands by', async () => {
    for (const name of ['a', 'b', 'c']) await named(name);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const busy = run(() => held);
    await busy.runner.begin({ id: 'cause', position: await head() });
    const other = run();
    await other.runner.idle();
    release();
    await finished();
    expect([busy.settled.length, other.settled.length]).toEqual([3, 0]);
  });

  it('a later cause covers the earlier: it begins anew, also while it is at it', async () => {
    for (const name of ['a', 'b']) await named(name);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const { runner, settled } = run(() => held);
    await runner.begin({ id: 'first', position: await head() });
    await named('c');
    await runner.begin({ id: 'second', position: await head() });
    release();
    await runner.idle();
    await eventually(async () =>
      expect((await stands()).at(-1)).toMatchObject({ cause: 'second', finished: true }),
    );
    expect(new Set(settled)).toEqual(new Set(ids('a', 'b', 'c')));
    expect((await stands()).at(-1)).toMatchObject({ settled: 3 });
  });

  it('waits in an outage, and parks nobody', async () => {
    for (const name of ['a', 'b']) await named(name);
    let failures = 20;
    const { runner, settled } = run(() => {
      if ((failures -= 1) >= 0) throw new Problem({ kind: 'unavailable', detail: 'not now' });
    });
    await runner.begin({ id: 'cause', position: await head() });
    await finished();
    expect(new Set(settled)).toEqual(new Set(ids('a', 'b')));
    expect(await parkedKeys(world.store)).toEqual([]);
  });

  it('of an upgrade runs once, whichever process begins it and however often', async () => {
    await named('a');
    const replicas = [run(), run()];
    await Promise.all(replicas.map(({ runner }) => runner.begin({ id: 'upgrade', position: 0 })));
    await finished();
    await Promise.all(replicas.map(({ runner }) => runner.begin({ id: 'upgrade', position: 0 })));
    await Promise.all(replicas.map(({ runner }) => runner.idle()));
    expect(replicas.flatMap(({ settled }) => settled)).toEqual(ids('a'));
    expect((await stands()).filter(({ throughPosition }) => throughPosition < 0)).toHaveLength(1);
  });

  it('where the log names nothing is finished at once', async () => {
    const { runner, settled } = run();
    await runner.begin({ id: 'cause', position: await head() });
    await finished();
    expect(settled).toEqual([]);
  });
});
