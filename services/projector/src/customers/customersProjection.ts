import { profileEvents, type RecordedEvent } from '@rapport/contracts';
import { carry } from '@rapport/privacy';
import type { Projection } from '@rapport/views';
import { dataOf } from '../dataOf.ts';

/** A value in clear, a sealed one, or what is left after an erasure. */
export type Guarded = unknown;

export interface ContactDocument {
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

/** what is known of a customer, with tier and segment beside. */
export interface CustomerDocument {
  readonly [field: string]: unknown;
  readonly id: string;
  readonly kind: string;
  readonly name: Guarded;
  /** Beginning of the search by name; companies only. */
  readonly searchName?: string;
  readonly contacts: readonly ContactDocument[];
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
  version: 1,
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

function register(event: RecordedEvent): CustomerDocument {
  const { customerId, kind, name, externalId, ...profile } = dataOf(CustomerRegistered, event);
  return {
    id: customerId,
    kind,
    name: carry(event, 'name'),
    ...(kind === 'company' && { searchName: normaliseName(name) }),
    ...profile,
    ...(externalId !== undefined && { externalId: carry(event, 'externalId') }),
    contacts: [],
    tier: 'prospect',
    segment: null,
    registeredAt: event.occurredAt,
    revision: event.revision,
  };
}

function change(customer: CustomerDocument, event: RecordedEvent): CustomerDocument {
  switch (event.type) {
    case ContactAdded.type: {
      const { contactId, salutation, isDecisionMaker, ...given } = dataOf(ContactAdded, event);
      const contact: ContactDocument = {
        contactId,
        fullName: carry(event, 'fullName'),
        ...(salutation !== undefined && { salutation }),
        isDecisionMaker,
      };
      const details = (['position', 'phone', 'email', 'wechat', 'birthday'] as const)
        .filter((field) => given[field] !== undefined)
        .map((field) => [field, carry(event, field)] as const);
      return {
        ...customer,
        contacts: [...customer.contacts, { ...contact, ...Object.fromEntries(details) }],
      };
    }
    case ContactLeft.type: {
      const { contactId, leftOn } = dataOf(ContactLeft, event);
      return withContact(customer, contactId, (contact) => ({ ...contact, leftOn }));
    }
    case CustomerTierChanged.type:
      return { ...customer, tier: dataOf(CustomerTierChanged, event).to };
    case CustomerSegmentChanged.type: {
      const { to } = dataOf(CustomerSegmentChanged, event);
      return { ...customer, segment: to === 'none' ? null : to };
    }
    case PersonErased.type: {
      const { personId, isCustomer } = dataOf(PersonErased, event);
      if (isCustomer) {
        return {
          ...customer,
          name: ERASED,
          ...(customer['externalId'] !== undefined && { externalId: ERASED }),
        };
      }
      return withContact(customer, personId, ({ contactId, isDecisionMaker, leftOn }) => ({
        contactId,
        fullName: ERASED,
        isDecisionMaker,
        ...(leftOn !== undefined && { leftOn }),
      }));
    }
    default:
      return customer;
  }
}

const ERASED = { erased: true } as const;

function withContact(
  customer: CustomerDocument,
  contactId: string,
  change: (contact: ContactDocument) => ContactDocument,
): CustomerDocument {
  return {
    ...customer,
    contacts: customer.contacts.map((contact) =>
      contact.contactId === contactId ? change(contact) : contact,
    ),
  };
}
