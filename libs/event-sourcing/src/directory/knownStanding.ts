import { profileEvents, type DataOf, type CurrentEvent, type Tier } from '@rapport/contracts';

/** What other contexts must know of a customer's standing: the tier, and the index of the event that says so. */
export interface KnownStanding {
  readonly tier: Tier;
  /** -1: none was decided yet. */
  readonly index: number;
}

export const standingFold = {
  initial: { tier: 'prospect', index: -1 } as KnownStanding,
  evolve: (state: KnownStanding, { type, data, index }: CurrentEvent): KnownStanding =>
    type === profileEvents.CustomerTierChanged.type
      ? { tier: (data as DataOf<typeof profileEvents.CustomerTierChanged>).to as Tier, index: index! }
      : state,
};
