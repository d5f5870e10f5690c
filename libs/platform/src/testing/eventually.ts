import { systemMonotonicClock, systemTimers } from '../clock/systemClock.ts';

/** Waits until `check` no longer throws, and returns what it returned; after the deadline throws its last error. */
export async function eventually<T>(check: () => T | Promise<T>, deadlineMs = 60_000): Promise<T> {
  const end = systemMonotonicClock.now() + deadlineMs;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (systemMonotonicClock.now() > end) throw error;
      await systemTimers.sleep(1);
    }
  }
}
