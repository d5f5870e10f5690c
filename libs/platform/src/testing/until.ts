import { systemMonotonicClock, systemTimers } from '../clock/systemClock.ts';

type Awaitable<T> = T | Promise<T>;

/**
 * Waits until `check` answers something: not undefined, null or false. After the deadline fails and says what was
 * awaited.
 *
 * @param what asked for at the end, so that it can tell what was there instead
 */
export async function until<T>(
  what: string | (() => string),
  check: () => Awaitable<T | undefined | null | false>,
  deadlineMs = 60_000,
): Promise<T> {
  const end = systemMonotonicClock.now() + deadlineMs;
  for (;;) {
    const found = await check();
    if (found !== undefined && found !== null && found !== false) return found;
    if (systemMonotonicClock.now() > end) {
      throw new Error(`waited ${deadlineMs} ms in vain: ${typeof what === 'string' ? what : what()}`);
    }
    await systemTimers.sleep(5);
  }
}
