import type { EpochMillis } from '@rapport/platform';
import type { DecidedEvent } from '../decider/decidedEvent.ts';
import type { RecordedDue } from './due.ts';

/**
 * What it means for a due that nothing ran when it passed.
 *
 * - `fire-late`: it fires, however late, with its true due. What must be on record stands there afterwards.
 * - `fire-once`: of several occurrences that were missed only the last one fires, the others are skipped.
 * - `skipAfterMs`: later than that it is moot and is skipped.
 *
 * What is skipped is recorded as such.
 */
export type AfterDowntime = 'fire-late' | 'fire-once' | { readonly skipAfterMs: number };

/** One kind of deadline. */
export interface FiringDeadline<State> {
  readonly afterDowntime: AfterDowntime;
  /**
   * What is recorded when the due passes. Pure: it sees the state as of the due and nothing of when it runs, so the
   * log's meaning does not depend on what fired it.
   */
  fire(due: RecordedDue, state: State): readonly DecidedEvent[];
}

/**
 * A kind of deadline whose firing needs what other streams say: a command of the service, which the sweeper sends. Every
 * command on such a stream decides what is overdue by itself, and says its dues in `Decision.dues`.
 */
export interface CommandedDeadline {
  readonly afterDowntime: 'fire-late';
  readonly fire: 'by-command';
}

/** A kind of deadline that there is no longer: what is still recorded of it is cancelled, never fired. */
export interface WithdrawnDeadline {
  readonly fire: 'withdrawn';
}

export type Deadline<State> = FiringDeadline<State> | CommandedDeadline | WithdrawnDeadline;

/** Every kind of deadline of a decider's streams, by name. A name that was once recorded stays in the table. */
export type DeadlineTable<State, Name extends string = string> = Readonly<Record<Name, Deadline<State>>>;

/** When a deadline was last settled; undefined while none of its occurrences was. */
export type SettledUntil = (name: string, key?: string) => EpochMillis | undefined;

export function isFiring<State>(deadline: Deadline<State> | undefined): deadline is FiringDeadline<State> {
  return deadline !== undefined && typeof deadline.fire === 'function';
}
