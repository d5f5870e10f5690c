import { event, ticketEvents, type RecordService } from '@rapport/contracts';
import { aboutPersons, occurredOn, type Decider } from '@rapport/event-sourcing';
import { ruleViolated } from '@rapport/platform';

export interface ServiceRecord {
  readonly recorded: boolean;
}

export interface ServiceRecordCommand {
  readonly serviceRecordId: string;
  readonly input: RecordService;
  /** Whom it names: the customer, where that is an individual, and the contact. */
  readonly persons: readonly string[];
}

/** what was done for a customer on a day, recorded once as it was told. */
export const serviceRecordDecider: Decider<ServiceRecord, ServiceRecordCommand> = {
  initial: { recorded: false },

  decide({ serviceRecordId, input, persons }, { recorded }, { now }) {
    if (recorded) throw ruleViolated('R-043', 'This service is recorded already.');
    return aboutPersons(persons, [
      {
        ...event(ticketEvents.ServiceRecorded, {
          customerId: input.customerId,
          serviceRecordId,
          ...(input.contactId !== undefined && { contactId: input.contactId }),
          servedOn: input.servedOn,
          kind: input.kind,
          problem: input.problem,
          result: input.result,
          servedBy: input.servedBy,
          servedByName: input.servedByName,
          ...(input.satisfaction !== undefined && { satisfaction: input.satisfaction }),
          ...(input.remark !== undefined && { remark: input.remark }),
        }),
        ...occurredOn('servedOn', input.servedOn, now),
      },
    ]);
  },

  evolve: () => ({ recorded: true }),
};
