import { systemMonotonicClock, systemTimers } from '@rapport/platform';

/** Waits until `check` answers something else than undefined; after the deadline fails and says what was awaited. */
export async function until<T>(
  what: string,
  check: () => T | undefined | Promise<T | undefined>,
  deadlineMs = 30_000,
): Promise<T> {
  const end = systemMonotonicClock.now() + deadlineMs;
  for (;;) {
    const found = await check();
    if (found !== undefined) return found;
    if (systemMonotonicClock.now() > end) throw new Error(`waited ${deadlineMs} ms in vain: ${what}`);
    await systemTimers.sleep(5);
  }
}
