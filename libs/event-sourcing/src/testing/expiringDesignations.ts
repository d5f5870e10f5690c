import { event, profileEvents, type DataOf } from '@rapport/contracts';
import { startOfDay, type PlainDate } from '@rapport/calendar';
import { ruleViolated } from '@rapport/platform';
import type { Decider } from '../decider/decider.ts';

type Approved = DataOf<typeof profileEvents.StrategicDesignationApproved>;

export type DesignationsCommand =
  | { readonly do: 'approve'; readonly designation: Approved }
  | { readonly do: 'end'; readonly designationId: string };

/** Designations that hold, by id. */
export type Designations = ReadonlyMap<
  string,
  { readonly customerId: string; readonly validUntil: PlainDate }
>;

/** Designations that end by themselves on the day of their expiry: the smallest decider with a deadline. */
export const expiringDesignations: Decider<Designations, DesignationsCommand, 'expiry'> = {
  initial: new Map(),

  decide(command, holding) {
    switch (command.do) {
      case 'approve':
        return [event(profileEvents.StrategicDesignationApproved, command.designation)];
      case 'end': {
        const held = holding.get(command.designationId);
        if (held === undefined) throw ruleViolated('R-020', 'There is no such designation, or it has ended.');
        return [ended(held.customerId, command.designationId)];
      }
    }
  },

  evolve(holding, { type, data }) {
    const { designationId, customerId, validUntil } = data as Approved;
    switch (type) {
      case profileEvents.StrategicDesignationApproved.type:
        return new Map(holding).set(designationId, { customerId, validUntil });
      case profileEvents.StrategicDesignationEnded.type: {
        const rest = new Map(holding);
        rest.delete(designationId);
        return rest;
      }
      default:
        return holding;
    }
  },

  dues: (holding) =>
    [...holding].map(([key, { customerId, validUntil }]) => ({
      name: 'expiry',
      key,
      at: startOfDay(validUntil),
      clause: 'R-020 expiry',
      customerId,
    })),

  deadlines: {
    expiry: {
      afterDowntime: 'fire-late',
      fire: ({ key, customerId }) => [ended(customerId!, key!)],
    },
  },
};

function ended(customerId: string, designationId: string) {
  return event(profileEvents.StrategicDesignationEnded, { customerId, designationId });
}
