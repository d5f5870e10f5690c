import type { AddContact, RecordContactLeft, RequestStrategicDesignation } from '@rapport/contracts';
import { aboutPersons, type Decider, type Decision } from '@rapport/event-sourcing';
import { notFound } from '@rapport/platform';
import { addContact, recordContactLeft } from './contacts.ts';
import { evolveCustomer, NO_CUSTOMER, type Customer } from './customerState.ts';
import { register, type RegisterCommand } from './registration.ts';
import { approveDesignation, endDesignation, requestDesignation } from './strategicDesignation.ts';

export type CustomerCommand =
  | RegisterCommand
  | { readonly do: 'addContact'; readonly input: AddContact }
  | { readonly do: 'recordContactLeft'; readonly contactId: string; readonly input: RecordContactLeft }
  | { readonly do: 'requestDesignation'; readonly input: RequestStrategicDesignation }
  | { readonly do: 'approveDesignation' | 'endDesignation'; readonly designationId: string };

/** One customer: the profile, its contacts, its strategic designations. */
export const customerDecider: Decider<Customer, CustomerCommand> = {
  initial: NO_CUSTOMER,
  evolve: evolveCustomer,

  decide(command, customer, context) {
    if (command.do === 'register') return register(command, customer, context);
    if (!customer.registered) throw notFound('customer');
    switch (command.do) {
      case 'addContact':
        return unlessErased(customer, addContact(command.input, customer, context));
      case 'recordContactLeft':
        return recordContactLeft(command.contactId, command.input, customer, context);
      case 'requestDesignation':
        return unlessErased(customer, requestDesignation(command.input, customer, context));
      case 'approveDesignation':
        return approveDesignation(command.designationId, customer, context);
      case 'endDesignation':
        return endDesignation(command.designationId, customer, context);
    }
  },
};

/** A customer who is an individual may have been erased: then nothing is added. */
function unlessErased(customer: Customer, decision: Decision): Decision {
  if (customer.kind !== 'individual' || decision.events.length === 0) return decision;
  return { ...decision, ...aboutPersons([customer.customerId], decision.events) };
}
