import { profileEvents, type DataOf, type CurrentEvent } from '@rapport/contracts';
import { Set as PersistentSet } from 'immutable';

/** What other contexts must know of a customer. */
export interface KnownCustomer {
  readonly exists: boolean;
  /** The customer is a person, who may be erased. */
  readonly individual: boolean;
  readonly contacts: PersistentSet<string>;
}

export const customerFold = {
  initial: { exists: false, individual: false, contacts: PersistentSet<string>() } as KnownCustomer,
  evolve(state: KnownCustomer, { type, data }: CurrentEvent): KnownCustomer {
    switch (type) {
      case profileEvents.CustomerRegistered.type: {
        const { kind } = data as DataOf<typeof profileEvents.CustomerRegistered>;
        return { ...state, exists: true, individual: kind === 'individual' };
      }
      case profileEvents.ContactAdded.type: {
        const { contactId } = data as DataOf<typeof profileEvents.ContactAdded>;
        return { ...state, contacts: state.contacts.add(contactId) };
      }
      default:
        return state;
    }
  },
};
