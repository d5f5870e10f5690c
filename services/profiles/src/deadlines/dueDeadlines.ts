import type { Instant } from '@rapport/platform';

/** A recorded review deadline (StandingReviewScheduled) that has come due; the latest generation of its id. */
export interface DueDeadline {
  readonly deadlineId: string;
  readonly customerId: string;
  readonly generation: number;
  readonly due: Instant;
}

/** Who knows which recorded deadlines are due: a view, so it may lag; firing what was fired already is harmless. */
export interface DueDeadlines {
  /** Earliest first: those with due ≤ `before`, at most `limit`. */
  due(before: Instant, limit: number): Promise<readonly DueDeadline[]>;
}

/** Nest's injection token of the DueDeadlines. */
export const DUE_DEADLINES = Symbol('DUE_DEADLINES');
