import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, MonotonicClock, Timers } from './clock.ts';

export const systemClock: Clock = { now: () => Date.now() };

export const systemMonotonicClock: MonotonicClock = { now: () => performance.now() };

export const systemTimers: Timers = {
  async sleep(ms, signal) {
    try {
      await sleep(ms, undefined, { signal });
    } catch (error) {
      // Node says only that it was cut short.
      throw signal?.aborted === true ? signal.reason : error;
    }
  },
  schedule(ms, fire) {
    const timer = setTimeout(fire, ms);
    return () => clearTimeout(timer);
  },
};
