import { civilOfDayNumber, dayNumberAt, dayNumberOfCivil, startOfDayNumber } from '@rapport/calendar';
import type { EpochMillis } from '@rapport/platform';
import { type Band, isAbove } from './bands.ts';

/** What is kept of a wait: all that a later tier depends on. */
export interface WaitState {
  readonly tier: Band;
  /** Best candidate seen since the quarter began. Never above the tier. */
  readonly best: Band;
}

/**
 * the tier that follows from the candidate tier as time passes. A higher candidate takes effect at once. A
 * lower one waits: at 00:00 of a calendar quarter the tier falls to the best candidate seen at any instant of the
 * quarter before, so that only who was below on every day of a full quarter falls, and only as far as the best of it.
 *
 * The first candidate is the tier with which it starts.
 */
export class DowngradeWait {
  private constructor(
    private current: Band,
    private best: Band,
    private candidate: Band,
    /** 00:00 of the quarter that follows; everything before it has been seen. */
    private quarterEnd: EpochMillis,
  ) {}

  static begin(candidate: Band, instant: EpochMillis): DowngradeWait {
    return new DowngradeWait(candidate, candidate, candidate, quarterStart(instant + 1));
  }

  /** As it stood just before an instant, at which a candidate must be seen next. */
  static before(instant: EpochMillis, { tier, best }: WaitState): DowngradeWait {
    return new DowngradeWait(tier, best, best, quarterStart(instant));
  }

  get tier(): Band {
    return this.current;
  }

  /** When a quarter starts at which the tier may fall, or a fall comes nearer; undefined while it does not wait. */
  get nextQuarter(): EpochMillis | undefined {
    return isAbove(this.current, this.candidate) ? this.quarterEnd : undefined;
  }

  /** Lets time pass up to an instant, exclusive, in which the candidate stays. */
  pass(until: EpochMillis): WaitState {
    while (this.quarterEnd < until && isAbove(this.current, this.candidate))
      this.see(this.quarterEnd, this.candidate);
    // Tier and candidate are the same: no quarter that starts meanwhile changes anything.
    if (this.quarterEnd < until) this.quarterEnd = quarterStart(until);
    return { tier: this.current, best: this.best };
  }

  /** The candidate from an instant on, up to which time has passed. */
  see(instant: EpochMillis, candidate: Band): void {
    if (instant === this.quarterEnd) {
      this.current = this.best;
      this.best = candidate;
      this.quarterEnd = quarterStart(instant + 1);
    } else if (isAbove(candidate, this.best)) this.best = candidate;
    if (isAbove(candidate, this.current)) this.current = candidate;
    this.candidate = candidate;
  }
}

/** 00:00 of the first quarter that starts at an instant, or after it. */
function quarterStart(instant: EpochMillis): EpochMillis {
  const { year, month } = civilOfDayNumber(dayNumberAt(instant - 1));
  const next = month - ((month - 1) % 3) + 3;
  return startOfDayNumber(next > 12 ? dayNumberOfCivil(year + 1, 1, 1) : dayNumberOfCivil(year, next, 1));
}
