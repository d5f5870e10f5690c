import { describe, expect, it } from '@jest/globals';
import { event, profileEvents, type DomainEvent } from '@rapport/contracts';
import { documentsOf, inStream, recorded, sealed } from '../testing/folding.ts';
import { contactsProjection, type ContactDocument } from './contactsProjection.ts';

const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const contactId = '0f5a7f6e-0000-5000-8000-000000000002';
const otherId = '0f5a7f6e-0000-5000-8000-000000000003';

const contact = (id: string, more: object = {}): DomainEvent => ({
  type: profileEvents.ContactAdded.type,
  data: {
    customerId,
    contactId: id,
    fullName: sealed('person', id),
    isDecisionMaker: id === contactId,
    ...more,
  },
});
const erased = (personId: string) =>
  event(profileEvents.PersonErased, { personId, customerId, isCustomer: personId === customerId });

function contactsAfter(...events: readonly DomainEvent[]): readonly ContactDocument[] {
  return [...documentsOf(contactsProjection, inStream(`customer-${customerId}`, ...events)).values()];
}

describe('the contacts of a customer', () => {
  it('R-002 are kept in order, sealed as they are in the log, with the fields that were given', () => {
    const [first, second] = contactsAfter(
      contact(contactId, { phone: sealed('person', contactId) }),
      contact(otherId),
    );
    expect(first).toMatchObject({
      contactId,
      customerId,
      isDecisionMaker: true,
      fullName: { alg: 'A256GCM', aad: expect.stringContaining('/fullName') },
      phone: { alg: 'A256GCM', aad: expect.stringContaining('/phone') },
    });
    expect(second).toMatchObject({ contactId: otherId, isDecisionMaker: false });
    expect(second).not.toHaveProperty('phone');
    expect(second!.added).toBeGreaterThan(first!.added);
  });

  it('R-002 tell when one left, and leave the others alone', () => {
    const left = event(profileEvents.ContactLeft, { customerId, contactId, leftOn: '2026-03-01' });
    const [gone, other] = contactsAfter(contact(contactId), contact(otherId), left);
    expect(gone!.leftOn).toBe('2026-03-01');
    expect(other).not.toHaveProperty('leftOn');
  });

  it('R-100 forget one that was erased: nothing of the person but that it was there', () => {
    const [gone, other] = contactsAfter(
      contact(contactId, { position: sealed('person', contactId), salutation: '女士' }),
      contact(otherId),
      erased(contactId),
    );
    expect(gone).toEqual({
      contactId,
      customerId,
      added: 0,
      fullName: { erased: true },
      isDecisionMaker: true,
    });
    expect(other!.fullName).toMatchObject({ alg: 'A256GCM' });
  });

  it('are not concerned where a customer is erased that is a person', () => {
    expect(contactsProjection.keys(recorded(erased(customerId)))).toEqual([]);
  });

  it('make nothing of one that was not seen to come', () => {
    const left = event(profileEvents.ContactLeft, { customerId, contactId, leftOn: '2026-03-01' });
    expect(contactsAfter(left, erased(contactId))).toEqual([]);
  });
});
