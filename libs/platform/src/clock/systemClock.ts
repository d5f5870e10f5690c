import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, MonotonicClock, Timers } from './clock.ts';

export const systemClock: Clock = { now: () => Date.now() };

export const systemMonotonicClock: MonotonicClock = { now: () => performance.now() };

export const systemTimers: Timers = {
  sleep: (ms, signal) => sleep(ms, undefined, { signal }),
  schedule(ms, fire) {
    const timer = setTimeout(fire, ms);
    return () => clearTimeout(timer);
  },
};
