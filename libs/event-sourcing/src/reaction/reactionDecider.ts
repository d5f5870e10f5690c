import { event, ledgerEvents, type DataOf } from '@rapport/contracts';
import type { Decider } from '../decider/decider.ts';

type Advanced = DataOf<typeof ledgerEvents.ReactionAdvanced>;

/** A key whose event could not be reacted to, and which event that was. */
export type ParkedReaction = NonNullable<Advanced['parked']>[number];

export interface ReactionState {
  readonly throughPosition: number;
  readonly throughIndex: number;
  readonly parked: ReadonlyMap<string, ParkedReaction>;
}

/** Positions of one reaction, only ever forwards, and the keys that wait. */
export const reactionDecider: Decider<ReactionState, Advanced> = {
  lastEventIsState: true,
  initial: { throughPosition: -1, throughIndex: -1, parked: new Map() },
  decide: (command, state) =>
    command.throughPosition < state.throughPosition ? [] : [event(ledgerEvents.ReactionAdvanced, command)],
  evolve(_state, { data }) {
    const { throughPosition, throughIndex, parked = [] } = data as unknown as Advanced;
    return { throughPosition, throughIndex, parked: new Map(parked.map((entry) => [entry.key, entry])) };
  },
};
