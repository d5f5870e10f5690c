import { profileEvents } from '@rapport/contracts';
import type { Projection } from '@rapport/views';
import { addedContact, changedContact, contactOf, type PlacedContact } from './contact.ts';

/** One contact of a customer: there is no bound on how many it has. */
export interface ContactDocument extends PlacedContact {
  readonly [field: string]: unknown;
  readonly customerId: string;
}

const { ContactAdded, ContactLeft, PersonErased } = profileEvents;

/** the contacts of customers, one document each. */
export const contactsProjection: Projection<ContactDocument> = {
  name: 'contacts',
  version: 1,
  indexes: [{ fields: ['customerId', 'added'] }],
  types: [ContactAdded, ContactLeft, PersonErased].map(({ type }) => type),
  starts: [ContactAdded.type],
  keys(event) {
    const contactId = contactOf(event);
    return contactId === undefined ? [] : [contactId];
  },
  fold(contact, event) {
    const customerId = event.customerId!;
    if (event.type === ContactAdded.type) return { ...addedContact(event), customerId };
    return contact && { ...changedContact(contact, event), customerId: contact.customerId };
  },
};
