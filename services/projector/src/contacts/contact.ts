import { profileEvents, type CurrentEvent } from '@rapport/contracts';
import { carry } from '@rapport/privacy';
import { dataOf } from '../dataOf.ts';
import { ERASED, type Guarded } from '../guarded.ts';

/** What is shown of a contact. */
export interface Contact {
  readonly contactId: string;
  readonly fullName: Guarded;
  readonly salutation?: string;
  readonly position?: Guarded;
  readonly phone?: Guarded;
  readonly email?: Guarded;
  readonly wechat?: Guarded;
  readonly birthday?: Guarded;
  readonly isDecisionMaker: boolean;
  readonly leftOn?: string;
}

/** A contact with its place among its customer's. */
export interface PlacedContact extends Contact {
  /** Index of the event that added it. */
  readonly added: number;
}

const { ContactAdded, ContactLeft, PersonErased } = profileEvents;
const DETAILS = ['position', 'phone', 'email', 'wechat', 'birthday'] as const;

/** a contact begins with ContactAdded. */
export function addedContact(event: CurrentEvent): PlacedContact {
  const {
    customerId: _customer,
    contactId,
    salutation,
    isDecisionMaker,
    ...given
  } = dataOf(ContactAdded, event);
  const details = DETAILS.filter((field) => given[field] !== undefined).map(
    (field) => [field, carry(event, field)] as const,
  );
  return {
    contactId,
    fullName: carry(event, 'fullName'),
    ...(salutation !== undefined && { salutation }),
    isDecisionMaker,
    ...Object.fromEntries(details),
    added: event.index!,
  };
}

/** The contact that the event is about after it: ContactLeft, or PersonErased, which leaves nothing but that it was there. */
export function changedContact(contact: PlacedContact, event: CurrentEvent): PlacedContact {
  if (event.type === ContactLeft.type) return { ...contact, leftOn: dataOf(ContactLeft, event).leftOn };
  const { contactId, isDecisionMaker, leftOn, added } = contact;
  return {
    contactId,
    fullName: ERASED,
    isDecisionMaker,
    ...(leftOn !== undefined && { leftOn }),
    added,
  };
}

/** Whom ContactLeft or PersonErased is about; undefined where that is no contact. */
export function contactOf(event: CurrentEvent): string | undefined {
  if (event.type !== PersonErased.type) return (event.data as { contactId: string }).contactId;
  const { personId, isCustomer } = dataOf(PersonErased, event);
  return isCustomer ? undefined : personId;
}
