import { profileEvents, type CustomerKind, type DataOf, type RecordedEvent } from '@rapport/contracts';
import type { PlainDate } from '@rapport/calendar';
import { Map as PersistentMap, Set as PersistentSet } from 'immutable';

/** A strategic designation as far as it has come. */
export interface Designation {
  /** Revision of the event that asked for it. */
  readonly since: number;
  readonly state: 'requested' | 'approved' | 'ended';
  /** Opaque id of who asked for it. */
  readonly requestedBy: string;
  /** Exclusive. */
  readonly validUntil: PlainDate;
}

/** A contact as decisions see it. */
export interface KnownContact {
  /** Revision of the event that added it. */
  readonly since: number;
  readonly leftOn?: PlainDate;
}

/**
 * What decisions on a customer rest on: clear facts only, no personal ones. Its collections share what they have in
 * common with those of the revision before (decision 0032).
 */
export interface Customer {
  readonly registered: boolean;
  readonly customerId: string;
  readonly kind: CustomerKind;
  /** Contacts by id. */
  readonly contacts: PersistentMap<string, KnownContact>;
  /** Years for which there is a stream of purchases. */
  readonly years: PersistentSet<number>;
  readonly designations: PersistentMap<string, Designation>;
}

export const NO_CUSTOMER: Customer = {
  registered: false,
  customerId: '',
  kind: 'company',
  contacts: PersistentMap(),
  years: PersistentSet(),
  designations: PersistentMap(),
};

export function evolveCustomer(customer: Customer, { type, data, actor, revision }: RecordedEvent): Customer {
  switch (type) {
    case profileEvents.CustomerRegistered.type: {
      const { customerId, kind } = data as DataOf<typeof profileEvents.CustomerRegistered>;
      return { ...customer, registered: true, customerId, kind: kind as CustomerKind };
    }
    case profileEvents.ContactAdded.type: {
      const { contactId } = data as DataOf<typeof profileEvents.ContactAdded>;
      return { ...customer, contacts: customer.contacts.set(contactId, { since: revision }) };
    }
    case profileEvents.ContactLeft.type: {
      const { contactId, leftOn } = data as DataOf<typeof profileEvents.ContactLeft>;
      const { since } = customer.contacts.get(contactId)!;
      return { ...customer, contacts: customer.contacts.set(contactId, { since, leftOn }) };
    }
    case profileEvents.PurchaseYearOpened.type: {
      const { year } = data as DataOf<typeof profileEvents.PurchaseYearOpened>;
      return { ...customer, years: customer.years.add(year) };
    }
    case profileEvents.StrategicDesignationRequested.type: {
      const { designationId, validUntil } = data as DataOf<
        typeof profileEvents.StrategicDesignationRequested
      >;
      return withDesignation(customer, designationId, {
        state: 'requested',
        since: revision,
        requestedBy: actor,
        validUntil,
      });
    }
    case profileEvents.StrategicDesignationApproved.type: {
      const { designationId, validUntil } = data as DataOf<typeof profileEvents.StrategicDesignationApproved>;
      const requested = customer.designations.get(designationId)!;
      return withDesignation(customer, designationId, { ...requested, state: 'approved', validUntil });
    }
    case profileEvents.StrategicDesignationEnded.type: {
      const { designationId } = data as DataOf<typeof profileEvents.StrategicDesignationEnded>;
      const approved = customer.designations.get(designationId)!;
      return withDesignation(customer, designationId, { ...approved, state: 'ended' });
    }
    default:
      return customer;
  }
}

function withDesignation(customer: Customer, id: string, designation: Designation): Customer {
  return { ...customer, designations: customer.designations.set(id, designation) };
}
