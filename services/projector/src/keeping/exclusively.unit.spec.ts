import { expect, it } from '@jest/globals';
import { systemMonotonicClock, systemRandom, systemTimers, type Timers } from '@rapport/platform';
import { MemoryViewStore } from '@rapport/views';
import type { ProjectorRuntime } from '../projectorRuntime.ts';
import { exclusively } from './exclusively.ts';

/** So many times as fast as the clock on the wall. */
const PACE = 100;

it('whoever finds another at changing the versions for too long is told to try again', async () => {
  const views = new MemoryViewStore();
  const monotonic = { now: () => systemMonotonicClock.now() * PACE };
  const timers: Timers = {
    sleep: (ms, signal) => systemTimers.sleep(ms / PACE, signal),
    schedule: (ms, fire) => systemTimers.schedule(ms / PACE, fire),
  };
  const runtime = { views, monotonic, timers, random: systemRandom, soleOwner: false };
  // Another replica, which lives.
  await views.control.claimEpoch('tier@0', 'another', 1);
  let living = true;
  const another = (async () => {
    for (; living; await timers.sleep(1_000)) await views.control.beat('tier@0', 1);
  })();
  const refused = exclusively(runtime as unknown as ProjectorRuntime, 'tier', async () => undefined);
  await expect(refused).rejects.toMatchObject({ name: 'Problem', kind: 'unavailable' });
  living = false;
  await another;
});
