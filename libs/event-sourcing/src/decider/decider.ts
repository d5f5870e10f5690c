import type { Actor, CurrentEvent, Origin } from '@rapport/contracts';
import type { EpochMillis, Problem } from '@rapport/platform';
import type { DeadlineTable, SettledUntil } from '../deadlines/deadlineTable.ts';
import type { Due } from '../deadlines/due.ts';
import type { DecidedEvent } from './decidedEvent.ts';

export type { DecidedEvent } from './decidedEvent.ts';

/** What a decision may know besides command and state; values only, never ports. */
export interface DecisionContext {
  /** The instant at which is decided. */
  readonly now: EpochMillis;
  readonly commandId: string;
  readonly actor: Actor;
  readonly origin: Origin;
}

/** Events for another stream, recorded together with the decision or not at all. */
export interface CompanionWrite {
  readonly stream: string;
  readonly expectedRevision: number;
  readonly events: readonly DecidedEvent[];
  /** The answer when the other stream is not at that revision; absent: decide again on fresh state. */
  readonly refusal?: () => Problem;
}

/** Dues by name of deadline: everything that is due of that name from now on. */
export type SaidDues = Readonly<Record<string, readonly Due[]>>;

export interface Decision {
  /** For the decider's own stream; with no event anywhere the command changes nothing. */
  readonly events: readonly DecidedEvent[];
  readonly companions?: readonly CompanionWrite[];
  /** Dues that rest on what the command carried of other streams: in place of the decider's own, for these names. */
  readonly dues?: SaidDues;
  /** The id that the command would give stands in the decider's own stream, since the event of this revision. */
  readonly standsSince?: number;
}

/**
 * The decision of a creating command whose id is taken. The stream remembers commands for 30 days, its ids for ever:
 * the log then says whether this very request created it, which is a repeat, or another one, which is refused.
 *
 * @param revision of the event that created it
 */
export function standsSince(revision: number): Decision {
  return { events: [], standsSince: revision };
}

/**
 * A decider: `decide(command, state) → events`, `evolve(state, event) → state`, both pure and total.
 *
 * `decide` throws a Problem to refuse. `evolve` sees events as stored, in the version that this release reads: sealed fields stay
 * sealed, so decisions rest on clear facts only. It must accept every event of its streams.
 */
export interface Decider<State, Command, Deadline extends string = string> {
  readonly initial: State;
  /**
   * The last event alone says the whole state, as in streams that grow for ever by one position after the other:
   * only that one is read, and no command is remembered. A repeat is known by its exact revision.
   */
  readonly lastEventIsState?: true;
  decide(command: Command, state: State, context: DecisionContext): Decision | readonly DecidedEvent[];
  evolve(state: State, event: CurrentEvent): State;

  /** The kinds of deadlines of its streams: what each fires, and what downtime means for it. */
  readonly deadlines?: DeadlineTable<State, Deadline>;
  /**
   * What is due, all of it; asked after every decision, and recorded where it is news. Pure, and of what never changes
   * once it is recorded: an event's data, never its place in the log nor when the ledger recorded it.
   *
   * @param settledUntil the last due of a deadline that fired or was skipped: what comes again counts from there
   */
  dues?(state: State, settledUntil: SettledUntil): readonly Due<Deadline>[];
}
