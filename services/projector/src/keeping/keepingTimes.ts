/**
 * Why nobody answers from a version that was dropped: an answer counts only where the store was seen to keep the version
 * at most SURE_MS before the answer was there, and a version is dropped only after it was seen as left over for GRACE_MS.
 * Both are measured by the clock of whoever waits; nobody compares clocks of two machines. A process that slept through
 * its time looks again before it answers.
 */
export const GRACE_MS = 30_000;
export const SURE_MS = 10_000;
/** How often each replica looks which versions are kept: how long after a switch all of them answer from the new one. */
export const LOOK_MS = 1_000;
export const LONGEST_PAUSE_MS = 10_000;
