import { profileEvents, type CurrentEvent } from '@rapport/contracts';
import { carry } from '@rapport/privacy';
import type { Projection } from '@rapport/views';
import { addedContact, changedContact, contactOf, type PlacedContact } from '../contacts/contact.ts';
import { dataOf } from '../dataOf.ts';
import { ERASED, type Guarded } from '../guarded.ts';

/** Contacts that a customer's document shows: of more, the view of contacts tells. */
const FIRST_CONTACTS = 20;

/** what is known of a customer, with tier and segment beside. */
export interface CustomerDocument {
  readonly [field: string]: unknown;
  readonly id: string;
  readonly kind: string;
  readonly name: Guarded;
  /** Beginning of the search by name; companies only. */
  readonly searchName?: string;
  /** At most FIRST_CONTACTS of them. */
  readonly firstContacts: readonly PlacedContact[];
  /** How many it has. */
  readonly contactCount: number;
  readonly tier: string;
  readonly segment: string | null;
  /** Revision of the customer's stream. */
  readonly revision: number;
}

const { CustomerRegistered, ContactAdded, ContactLeft } = profileEvents;
const { CustomerTierChanged, CustomerSegmentChanged, PersonErased } = profileEvents;
const { StrategicDesignationRequested, StrategicDesignationApproved, StrategicDesignationEnded } =
  profileEvents;

/** How names are compared: case and width do not matter. */
export function normaliseName(name: string): string {
  return name.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, '');
}

export const customersProjection: Projection<CustomerDocument> = {
  name: 'customers',
  version: 2,
  indexes: [
    { fields: ['tier', 'registeredAt'] },
    { fields: ['segment', 'registeredAt'] },
    { fields: ['searchName'] },
    { fields: ['registeredAt'] },
  ],
  types: [
    CustomerRegistered,
    ContactAdded,
    ContactLeft,
    StrategicDesignationRequested,
    StrategicDesignationApproved,
    StrategicDesignationEnded,
    CustomerTierChanged,
    CustomerSegmentChanged,
    profileEvents.PurchaseYearOpened,
    PersonErased,
  ].map(({ type }) => type),
  starts: [CustomerRegistered.type],
  keys: (event) => (event.customerId === undefined ? [] : [event.customerId]),

  fold(customer, event) {
    if (event.type === CustomerRegistered.type) return register(event);
    if (customer === undefined) return undefined;
    const changed = change(customer, event);
    return event.stream.startsWith('customer-') ? { ...changed, revision: event.revision } : changed;
  },
};

function register(event: CurrentEvent): CustomerDocument {
  const { customerId, kind, name, externalId, ...profile } = dataOf(CustomerRegistered, event);
  return {
    id: customerId,
    kind,
    name: carry(event, 'name'),
    ...(kind === 'company' && { searchName: normaliseName(name) }),
    ...profile,
    ...(externalId !== undefined && { externalId: carry(event, 'externalId') }),
    firstContacts: [],
    contactCount: 0,
    tier: 'prospect',
    segment: null,
    registeredAt: event.occurredAt,
    revision: event.revision,
  };
}

function change(customer: CustomerDocument, event: CurrentEvent): CustomerDocument {
  switch (event.type) {
    case ContactAdded.type: {
      const { firstContacts, contactCount } = customer;
      return {
        ...customer,
        firstContacts:
          contactCount < FIRST_CONTACTS ? [...firstContacts, addedContact(event)] : firstContacts,
        contactCount: contactCount + 1,
      };
    }
    case ContactLeft.type:
      return withContact(customer, event);
    case CustomerTierChanged.type:
      return { ...customer, tier: dataOf(CustomerTierChanged, event).to };
    case CustomerSegmentChanged.type: {
      const { to } = dataOf(CustomerSegmentChanged, event);
      return { ...customer, segment: to === 'none' ? null : to };
    }
    case PersonErased.type: {
      if (!dataOf(PersonErased, event).isCustomer) return withContact(customer, event);
      return {
        ...customer,
        name: ERASED,
        ...(customer['externalId'] !== undefined && { externalId: ERASED }),
      };
    }
    default:
      return customer;
  }
}

function withContact(customer: CustomerDocument, event: CurrentEvent): CustomerDocument {
  const contactId = contactOf(event);
  return {
    ...customer,
    firstContacts: customer.firstContacts.map((contact) =>
      contact.contactId === contactId ? changedContact(contact, event) : contact,
    ),
  };
}
