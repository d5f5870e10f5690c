import { systemTimers, type Timers } from '@rapport/platform';

/** Pauses that take no time, so that retries and reconnections are tested without waiting for them. */
export const promptTimers: Timers = {
  sleep: (_ms, signal) => systemTimers.sleep(0, signal),
  schedule: systemTimers.schedule,
};
