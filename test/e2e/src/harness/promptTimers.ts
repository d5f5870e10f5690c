import { systemTimers, type Timers } from '@rapport/platform';

/** Longer pauses are those between regular looks, which tests ask for when they want one. */
const LONGEST_RETRY_MS = 20_000;

/** Pauses that take no time, so that retries and reconnections are tested without waiting for them. */
export const promptTimers: Timers = {
  sleep: (ms, signal) => systemTimers.sleep(ms > LONGEST_RETRY_MS && signal !== undefined ? ms : 0, signal),
  schedule: systemTimers.schedule,
};
