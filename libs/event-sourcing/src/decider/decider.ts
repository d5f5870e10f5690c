import type { Actor, CurrentEvent, DomainEvent, Origin } from '@rapport/contracts';
import type { EpochMillis, Instant, Problem } from '@rapport/platform';

/** What a decision may know besides command and state; values only, never ports. */
export interface DecisionContext {
  /** The instant at which is decided. */
  readonly now: EpochMillis;
  readonly commandId: string;
  readonly actor: Actor;
  readonly origin: Origin;
}

/** An event as decided: what happened, and what the decision knew. */
export interface DecidedEvent extends DomainEvent {
  /** When it happened in the business; default: when it is recorded. */
  readonly occurredAt?: Instant;
  /** Versions of the policies that were used: name → version. */
  readonly policies?: Readonly<Record<string, number>>;
}

/** Events for another stream, recorded together with the decision or not at all. */
export interface CompanionWrite {
  readonly stream: string;
  readonly expectedRevision: number;
  readonly events: readonly DecidedEvent[];
  /** The answer when the other stream is not at that revision; absent: decide again on fresh state. */
  readonly refusal?: () => Problem;
}

export interface Decision {
  /** For the decider's own stream; empty: the command changes nothing. */
  readonly events: readonly DecidedEvent[];
  readonly companions?: readonly CompanionWrite[];
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
export interface Decider<State, Command> {
  readonly initial: State;
  /**
   * The last event alone says the whole state, as in streams that grow for ever by one position after the other:
   * only that one is read, and no command is remembered. A repeat is known by its exact revision.
   */
  readonly lastEventIsState?: true;
  decide(command: Command, state: State, context: DecisionContext): Decision | readonly DecidedEvent[];
  evolve(state: State, event: CurrentEvent): State;
}
