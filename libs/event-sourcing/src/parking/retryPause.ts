const FIRST_PAUSE_MS = 60_000;
export const LONGEST_PAUSE_MS = 24 * 60 * 60 * 1000;

/** How long a key waits after it has failed so often: a minute, doubling, at most a day; in milliseconds. */
export function retryPause(attempt: number): number {
  // Beyond 2^11 minutes the day is longer.
  return Math.min(FIRST_PAUSE_MS * 2 ** Math.min(attempt - 1, 11), LONGEST_PAUSE_MS);
}
