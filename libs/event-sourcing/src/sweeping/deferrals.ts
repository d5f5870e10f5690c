import type { EpochMillis } from '@rapport/platform';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
/** Failures after which it is more than a moment: about half a minute. */
const MANY_FAILURES = 6;

interface Deferral {
  readonly failures: number;
  readonly until: EpochMillis;
}

/**
 * What failed of something that goes away by itself, and when it is tried again: after a second, doubling, at most a
 * minute. In memory only: after a restart all are tried at once. Pure but for what it remembers.
 */
export class Deferrals {
  private readonly waiting = new Map<string, Deferral>();

  /** `new` has not failed before, `ready` has and may be tried again. */
  stateOf(id: string, now: EpochMillis): 'new' | 'waiting' | 'ready' {
    const deferral = this.waiting.get(id);
    if (deferral === undefined) return 'new';
    return deferral.until > now ? 'waiting' : 'ready';
  }

  /** @param pauseMs as whoever refused it says; at least this long */
  failed(id: string, now: EpochMillis, pauseMs = 0): void {
    const failures = (this.waiting.get(id)?.failures ?? 0) + 1;
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 10), LONGEST_PAUSE_MS);
    this.waiting.set(id, { failures, until: now + Math.max(pause, Math.min(pauseMs, LONGEST_PAUSE_MS)) });
  }

  settled(id: string): void {
    this.waiting.delete(id);
  }

  /** Forgets whatever a whole sweep did not meet: it was settled elsewhere. */
  keepOnly(met: ReadonlySet<string>): void {
    for (const id of this.waiting.keys()) if (!met.has(id)) this.waiting.delete(id);
  }

  /** How many have failed for more than a moment. */
  failing(): number {
    let failing = 0;
    for (const { failures } of this.waiting.values()) if (failures >= MANY_FAILURES) failing += 1;
    return failing;
  }

  /** When the next one may be tried. */
  next(): EpochMillis | undefined {
    let next: EpochMillis | undefined;
    for (const { until } of this.waiting.values()) next = Math.min(next ?? until, until);
    return next;
  }
}
