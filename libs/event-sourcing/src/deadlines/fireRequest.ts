import type { Origin } from '@rapport/contracts';

/** A recorded due that is to fire. */
export interface FireRequest {
  readonly stream: string;
  readonly deadlineId: string;
  readonly generation: number;
  /** Recorded with what follows; `demo` while the demo moves the clock. */
  readonly origin: Extract<Origin, 'live' | 'demo'>;
}

/**
 * What became of it: `fired`, with everything that was overdue before it in its stream; `settled` long since, or another
 * schedule took its place; `early` by the clock of whoever records it.
 */
export interface FireOutcome {
  readonly outcome: 'fired' | 'settled' | 'early';
  /** Position of the log that shows it; -1 where nothing was recorded. */
  readonly position: number;
}

/** Fires the dues of one kind of streams. */
export interface DeadlineTarget {
  /** @throws what keeps the due from firing: nothing was recorded of it */
  fire(request: FireRequest): Promise<FireOutcome>;
}
