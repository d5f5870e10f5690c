import { describe, expect, it } from '@jest/globals';
import { MemoryViewStore } from '../memory/memoryViewStore.ts';
import { VirtualTime } from '@rapport/platform/testing';
import { Fenced } from './fenced.ts';
import { Lease } from './lease.ts';
import type { LeaseParts } from './lease.ts';

const times = { lease: 1_000, longestOperation: 500 };

describe('the lease of an owner', () => {
  const given = (owner = 'me', time = new VirtualTime(), { control } = new MemoryViewStore()) => {
    const parts: LeaseParts = { control, projection: 'tier@1', owner, clock: time, timers: time, times };
    return { parts, time, control, acquire: () => Lease.acquire(parts, new AbortController().signal) };
  };
  const beats = async ({ control }: Pick<LeaseParts, 'control'>): Promise<number> =>
    (await control.currentEpoch('tier@1'))!.beat;

  it('is held for its time after the start of the last good beat, not longer', async () => {
    const { acquire, time } = given();
    const lease = await acquire();
    time.jump(999);
    expect(lease.held).toBe(true);
    await lease.renew();
    time.jump(999);
    expect(lease.held).toBe(true);
    time.jump(1);
    expect(lease.held).toBe(false);
    expect(() => lease.assertHeld()).toThrow(Fenced);
  });

  it('is not renewed once it has run out: a successor may be about to claim', async () => {
    const { acquire, time, parts } = given();
    const lease = await acquire();
    time.jump(1_000);
    await expect(lease.renew()).rejects.toMatchObject({ name: 'Fenced', at: 'lease' });
    expect(await beats(parts)).toBe(0);
  });

  it('is not extended by a beat that took longer than any operation may', async () => {
    const { acquire, time, control } = given();
    const lease = await acquire();
    const beat = control.beat.bind(control);
    control.beat = async (projection, epoch) => {
      time.jump(501);
      return beat(projection, epoch);
    };
    await lease.renew();
    time.jump(499);
    expect(lease.held).toBe(false);
  });

  it('counts from before the claim was sent', async () => {
    const { acquire, time, control } = given();
    const claim = control.claimEpoch.bind(control);
    control.claimEpoch = async (...parameters) => {
      time.jump(900);
      return claim(...parameters);
    };
    const lease = await acquire();
    time.jump(100);
    expect(lease.held).toBe(false);
  });

  it('is lost with the first beat that another epoch refuses', async () => {
    const { acquire, control } = given();
    const lease = await acquire();
    await control.claimEpoch('tier@1', 'you', 2);
    await expect(lease.renew()).rejects.toMatchObject({ at: 'epoch' });
    expect(lease.held).toBe(false);
  });

  it('is claimed anew at once by the owner itself', async () => {
    const { acquire, time } = given();
    await acquire();
    time.jump(5_000);
    expect((await acquire()).epoch).toBe(2);
  });

  it('goes to a successor only after the same beat was seen for lease and longest operation', async () => {
    const mine = given('me');
    const lease = await mine.acquire();
    const { acquire } = given('you', mine.time, { control: mine.control } as MemoryViewStore);
    let claimed: Lease | undefined;
    void acquire().then((won) => (claimed = won));
    await mine.time.pass(900);
    await lease.renew();
    await mine.time.pass(1_499);
    expect(claimed).toBeUndefined();
    await mine.time.pass(500);
    expect(claimed?.epoch).toBe(2);
    expect(lease.held).toBe(false);
  });

  it('is kept by beating until told to stop, through answers that fail now and then', async () => {
    const { acquire, time, control, parts } = given();
    const lease = await acquire();
    const beat = control.beat.bind(control);
    let calls = 0;
    control.beat = async (projection, epoch) => {
      if (++calls % 2 === 0) throw new Error('no answer');
      return beat(projection, epoch);
    };
    const stop = new AbortController();
    const kept = lease.keep(stop.signal).catch(() => 'stopped');
    await time.pass(10_000);
    expect(lease.held).toBe(true);
    expect(await beats(parts)).toBeGreaterThan(10);
    stop.abort();
    expect(await kept).toBe('stopped');
  });

  it('stops waiting for another owner when told to', async () => {
    const mine = given('me');
    await mine.acquire();
    const stop = new AbortController();
    const waiting = Lease.acquire({ ...mine.parts, owner: 'you' }, stop.signal);
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});
