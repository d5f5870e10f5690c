import { event, ledgerEvents, type DataOf } from '@rapport/contracts';
import type { Decider } from '../decider/decider.ts';

type Advanced = DataOf<typeof ledgerEvents.ReactionAdvanced>;

export interface ReactionState {
  readonly throughPosition: number;
  readonly throughIndex: number;
}

/** Positions of one reaction; only ever forwards. */
export const reactionDecider: Decider<ReactionState, Advanced> = {
  initial: { throughPosition: -1, throughIndex: -1 },
  decide: (command, state) =>
    command.throughPosition < state.throughPosition ? [] : [event(ledgerEvents.ReactionAdvanced, command)],
  evolve(_state, recorded) {
    const { throughPosition, throughIndex } = recorded.data as unknown as Advanced;
    return { throughPosition, throughIndex };
  },
};
