import { event, ledgerEvents, type DataOf } from '@rapport/contracts';
import type { Decider } from '../decider/decider.ts';

type Advanced = DataOf<typeof ledgerEvents.ReactionAdvanced>;

/** A key whose event could not be reacted to, and which event that was. */
export type FormerlyParked = NonNullable<Advanced['parked']>[number];

export interface ReactionState {
  readonly throughPosition: number;
  readonly throughIndex: number;
  /** Keys that a former record of the position held: they are given a place of their own once. */
  readonly parked: readonly FormerlyParked[];
}

/** Positions of one reaction, only ever forwards. */
export const reactionDecider: Decider<ReactionState, Advanced> = {
  lastEventIsState: true,
  initial: { throughPosition: -1, throughIndex: -1, parked: [] },
  decide: (command, state) =>
    command.throughPosition < state.throughPosition ? [] : [event(ledgerEvents.ReactionAdvanced, command)],
  evolve(_state, { data }) {
    const { throughPosition, throughIndex, parked = [] } = data as unknown as Advanced;
    return { throughPosition, throughIndex, parked };
  },
};
