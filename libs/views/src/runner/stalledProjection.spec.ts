import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Watched } from '@rapport/platform/testing';
import { Gate } from '../testing/faultyStore.ts';
import { ViewBench } from '../testing/viewBench.ts';
import { ViewStoreError } from '../viewStoreError.ts';

const STANDS_STILL = 'follower stands still: projection tier@1';
const GOES_ON = 'follower goes on: projection tier@1';
const spent = { type: 'Purchased', customer: 'a', n: 1 } as const;

describe('no silent stall: a stalled projection', () => {
  let bench: ViewBench;
  let watched: Watched;

  beforeEach(() => {
    bench = new ViewBench();
    watched = new Watched();
  });

  afterEach(async () => {
    await watched.followers.stop();
    await bench.stop();
  });

  const start = (owner: string, interfere?: Parameters<ViewBench['start']>[1]) =>
    bench.start(owner, interfere, { followers: watched.followers });
  const distance = () => watched.followers.statusOf('projection', bench.id)?.distance;

  it('whose store hangs is told within a minute, and shown as behind; it is told when it goes on', async () => {
    const gate = new Gate('view.write');
    start('a', gate.interfere);
    bench.log.append(spent);
    await bench.caughtUp();
    await watched.aMinute();
    expect(watched.told).toEqual([]);
    gate.holding = true;
    bench.log.append(spent, spent);
    await bench.time.until(() => gate.held > 0);
    await watched.aMinute();
    expect(watched.told).toEqual([STANDS_STILL]);
    expect(distance()).toBe(2);
    gate.letGo();
    await bench.caughtUp();
    await watched.aLook();
    expect(watched.told).toEqual([STANDS_STILL, GOES_ON]);
    expect(distance()).toBe(0);
  });

  it('whose store refuses, try after try, is told too: doing the same again is no progress', async () => {
    let refuses = false;
    start('a', async (operation, perform) => {
      if (refuses && operation === 'view.write') throw new ViewStoreError('unavailable', 'away');
      return perform();
    });
    bench.log.append(spent);
    await bench.caughtUp();
    refuses = true;
    bench.log.append(spent);
    watched.followers.start();
    for (let look = 0; look < 12; look += 1) {
      await bench.time.pass(5_000);
      await watched.aLook();
    }
    expect(bench.told.filter((line) => line === 'a: retrying').length).toBeGreaterThan(3);
    expect(watched.told).toEqual([STANDS_STILL]);
    refuses = false;
    await bench.caughtUp();
    await watched.aLook();
    expect(watched.told).toEqual([STANDS_STILL, GOES_ON]);
  });

  it('is told by its owner alone: who stands by shows what the store says, and says nothing', async () => {
    const gate = new Gate('view.write');
    const owner = new Watched();
    bench.start('a', gate.interfere, { followers: owner.followers });
    bench.log.append(spent);
    await bench.caughtUp();
    start('b');
    await bench.time.pass(10_000);
    gate.holding = true;
    bench.log.append(spent);
    await bench.time.until(() => gate.held > 0);
    await Promise.all([watched.aMinute(), owner.aMinute()]);
    expect(owner.told).toEqual([STANDS_STILL]);
    expect(watched.told).toEqual([]);
    expect(watched.followers.statusOf('projection', bench.id)).toMatchObject({
      distance: 1,
      standsBy: true,
      standsStill: false,
    });
    gate.letGo();
    await owner.followers.stop();
  });
});
