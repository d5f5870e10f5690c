import { systemMonotonicClock, systemTimers } from '@rapport/platform';

/** Waits until `check` answers something true; after the deadline fails and says what was awaited. */
export async function until<T>(
  what: string,
  check: () => T | Promise<T>,
  deadlineMs = 60_000,
): Promise<NonNullable<T>> {
  const end = systemMonotonicClock.now() + deadlineMs;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (systemMonotonicClock.now() > end) throw new Error(`waited ${deadlineMs} ms in vain: ${what}`);
    await systemTimers.sleep(5);
  }
}
