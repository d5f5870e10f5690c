import { event, profileEvents, type RecordedEvent } from '@rapport/contracts';
import type { Decider } from '@rapport/event-sourcing';
import { notFound, ruleViolated } from '@rapport/platform';
import type { Customer } from '../customer/customerState.ts';

export interface Person {
  readonly erased: boolean;
}

export interface ErasePersonCommand {
  readonly personId: string;
  /** The customer that the person belongs to, or is. */
  readonly customer: Customer;
}

/**
 * Erasure of a person on request: a contact of the customer, or the customer, when that is an individual. The
 * event is appended first; destroying the keys follows from it (contract.md, «Sealed fields»).
 */
export const personDecider: Decider<Person, ErasePersonCommand> = {
  initial: { erased: false },

  decide({ personId, customer }, person) {
    if (person.erased) return [];
    if (!customer.registered) throw notFound('customer');
    const isCustomer = personId === customer.customerId;
    if (isCustomer && customer.kind !== 'individual') {
      throw ruleViolated('R-100', 'A company is no person. Erase its contacts one by one.');
    }
    if (!isCustomer && !customer.contacts.has(personId)) throw notFound('person');
    return [event(profileEvents.PersonErased, { personId, customerId: customer.customerId, isCustomer })];
  },

  evolve: (person, { type }: RecordedEvent) =>
    type === profileEvents.PersonErased.type ? { erased: true } : person,
};
