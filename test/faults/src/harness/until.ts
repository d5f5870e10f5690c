import { systemMonotonicClock, systemTimers } from '@rapport/platform';

/**
 * Waits until `check` answers something else than undefined; after the deadline fails and says what was awaited.
 *
 * @param what asked for at the end, so that it can tell what was there instead
 */
export async function until<T>(
  what: string | (() => string),
  check: () => T | undefined | Promise<T | undefined>,
  deadlineMs = 60_000,
): Promise<T> {
  const end = systemMonotonicClock.now() + deadlineMs;
  for (;;) {
    const found = await check();
    if (found !== undefined) return found;
    if (systemMonotonicClock.now() > end) {
      throw new Error(`waited ${deadlineMs} ms in vain: ${typeof what === 'string' ? what : what()}`);
    }
    await systemTimers.sleep(5);
  }
}
