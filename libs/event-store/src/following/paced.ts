import type { MonotonicClock, Timers } from '@rapport/platform';
import type { StoredEvent } from '../eventStore.ts';

/** Between one small batch and looking for the next, in milliseconds. */
export const PACE_MS = 10;

/** Batches of as many are not small: more is likely to wait already. */
export const MANY = 100;

export interface Pacing {
  readonly timers: Timers;
  readonly monotonic: MonotonicClock;
  /** Ends a pause; what is followed ends by itself. */
  readonly signal: AbortSignal;
  /** Between one small batch and looking for the next, in milliseconds; default `PACE_MS`. */
  readonly paceMs?: number;
}

/**
 * Follows in larger steps under load: what comes after a quiet moment is handed over at once, what comes within
 * `paceMs` of it together. A batch costs everyone on its way (question, answer, publish, commit) about as much for
 * one event as for fifty, so at an even rate that is far from full most of the work would be for batches of one.
 *
 * @param batches what is followed; it must read when it is asked for more, not before
 */
export async function* paced(
  batches: AsyncIterable<readonly StoredEvent[]>,
  { timers, monotonic, signal, paceMs = PACE_MS }: Pacing,
): AsyncGenerator<readonly StoredEvent[], void, undefined> {
  for await (const batch of batches) {
    const came = monotonic.now();
    yield batch;
    const pause = paceMs - (monotonic.now() - came);
    if (batch.length < MANY && pause > 0) await timers.sleep(pause, signal).catch(() => undefined);
  }
}
