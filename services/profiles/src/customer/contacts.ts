import { derivedId, event, profileEvents, type AddContact, type RecordContactLeft } from '@rapport/contracts';
import {
  aboutPersons,
  standsSince,
  type DecidedEvent,
  type Decision,
  type DecisionContext,
} from '@rapport/event-sourcing';
import { notFound } from '@rapport/platform';
import { requirePastDay } from '../businessDays.ts';
import type { Customer } from './customerState.ts';

/** Id of the contact that `AddContact` creates. */
export function addedContactId(commandId: string): string {
  return derivedId(commandId, 'contact');
}

/** The same command long afterwards (an import repeated) finds its contact there. */
export function addContact(
  input: AddContact,
  customer: Customer,
  { commandId, now }: DecisionContext,
): Decision {
  const contactId = addedContactId(commandId);
  const there = customer.contacts.get(contactId);
  if (there !== undefined) return standsSince(there.since);
  return { events: [contactAdded(customer.customerId, contactId, input, now, '')] };
}

/** @param path of the contact in the request, as in `contacts[0].`; for errors */
export function contactAdded(
  customerId: string,
  contactId: string,
  { fullName, salutation, position, phone, email, wechat, birthday, isDecisionMaker }: AddContact,
  now: number,
  path: string,
): DecidedEvent {
  if (birthday !== undefined) requirePastDay(`${path}birthday`, birthday, now);
  return event(profileEvents.ContactAdded, {
    customerId,
    contactId,
    fullName,
    ...(salutation !== undefined && { salutation }),
    ...(position !== undefined && { position }),
    ...(phone !== undefined && { phone }),
    ...(email !== undefined && { email }),
    ...(wechat !== undefined && { wechat }),
    ...(birthday !== undefined && { birthday }),
    isDecisionMaker: isDecisionMaker ?? false,
  });
}

/** another day than the one recorded corrects it. */
export function recordContactLeft(
  contactId: string,
  { leftOn }: RecordContactLeft,
  customer: Customer,
  { now }: DecisionContext,
): Decision {
  const contact = customer.contacts.get(contactId);
  if (contact === undefined) throw notFound('contact');
  requirePastDay('leftOn', leftOn, now);
  if (contact.leftOn === leftOn) return { events: [] };
  const left = event(profileEvents.ContactLeft, { customerId: customer.customerId, contactId, leftOn });
  return aboutPersons([contactId], [left]);
}
