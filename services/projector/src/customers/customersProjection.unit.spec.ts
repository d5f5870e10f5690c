import { describe, expect, it } from '@jest/globals';
import { event, profileEvents, type DomainEvent } from '@rapport/contracts';
import { documentsOf, inStream, recorded, sealed } from '../testing/folding.ts';
import { customersProjection, normaliseName, type CustomerDocument } from './customersProjection.ts';

const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const contactId = '0f5a7f6e-0000-5000-8000-000000000002';
const purchaseId = '0f5a7f6e-0000-5000-8000-000000000004';

const registered = event(profileEvents.CustomerRegistered, {
  customerId,
  kind: 'company',
  name: '远见 Ｔｅｃｈ 有限公司',
  industry: 'I65',
  firstCooperationOn: '2024-01-01',
  source: 'referral',
});
const individual = (name: unknown, more: object = {}): DomainEvent => ({
  ...registered,
  data: { customerId, kind: 'individual', name: name as string, source: 'website', ...more },
});
const contact = (id: string): DomainEvent => ({
  type: profileEvents.ContactAdded.type,
  data: {
    customerId,
    contactId: id,
    fullName: sealed('person', id),
    isDecisionMaker: true,
  },
});
const bought = (id: string, purchasedOn: string, amount = '100.00') =>
  event(amount.startsWith('-') ? profileEvents.RefundRecorded : profileEvents.PurchaseRecorded, {
    customerId,
    purchaseId: id,
    purchasedOn,
    product: '标准版年度许可',
    amount: { amount, currency: 'CNY', cny: amount },
  });
const erased = (personId: string) =>
  event(profileEvents.PersonErased, { personId, customerId, isCustomer: personId === customerId });

function customerAfter(...events: readonly DomainEvent[]): CustomerDocument {
  return documentsOf(customersProjection, inStream(`customer-${customerId}`, ...events)).get(customerId)!;
}

describe('the profile of a customer', () => {
  it('R-001 R-011 begins with its registration: a prospect without purchases', () => {
    expect(customerAfter(registered)).toEqual({
      id: customerId,
      kind: 'company',
      name: '远见 Ｔｅｃｈ 有限公司',
      searchName: '远见tech有限公司',
      industry: 'I65',
      firstCooperationOn: '2024-01-01',
      source: 'referral',
      firstContacts: [],
      contactCount: 0,
      tier: 'prospect',
      segment: null,
      registeredAt: '2026-03-10T00:00:00.000Z',
      revision: 0,
    });
  });

  it('R-100 an individual is not found by name: no clear copy of a personal name', () => {
    const customer = customerAfter(individual(sealed('person', customerId)));
    expect(customer).not.toHaveProperty('searchName');
    expect(customer.name).toMatchObject({ alg: 'A256GCM', aad: expect.stringContaining('/name') });
  });

  it('R-002 shows its first contacts in order, and counts all of them', () => {
    const ids = Array.from({ length: 22 }, (_, n) => `${contactId.slice(0, -3)}${100 + n}`);
    const { firstContacts, contactCount, revision } = customerAfter(
      registered,
      ...ids.map((id) => contact(id)),
    );
    expect(firstContacts.map((one) => one.contactId)).toEqual(ids.slice(0, 20));
    expect([contactCount, revision]).toEqual([22, 22]);
    expect(firstContacts[0]).toMatchObject({
      fullName: { alg: 'A256GCM', aad: expect.stringContaining('/fullName') },
    });
  });

  it('R-002 R-100 shows of them which one left, and nothing of one that was erased', () => {
    const left = event(profileEvents.ContactLeft, { customerId, contactId, leftOn: '2026-03-01' });
    const [gone, erasedOne] = customerAfter(
      registered,
      contact(contactId),
      contact(purchaseId),
      left,
      erased(purchaseId),
    ).firstContacts;
    expect(gone).toMatchObject({ leftOn: '2026-03-01', fullName: { alg: 'A256GCM' } });
    expect(erasedOne).toEqual({
      contactId: purchaseId,
      fullName: { erased: true },
      isDecisionMaker: true,
      added: 2,
    });
  });

  it('R-020 R-025 takes tier and segment from the decisions', () => {
    const events = [
      ...inStream(`customer-${customerId}`, registered),
      recorded(
        { type: profileEvents.CustomerTierChanged.type, data: { customerId, to: 'A' } },
        { stream: `standing-${customerId}`, index: 1, revision: 5 },
      ),
      recorded(
        { type: profileEvents.CustomerSegmentChanged.type, data: { customerId, to: 'potential' } },
        { stream: `standing-${customerId}`, index: 2, revision: 6 },
      ),
    ];
    expect(documentsOf(customersProjection, events).get(customerId)).toMatchObject({
      tier: 'A',
      segment: 'potential',
    });
    const none = recorded(
      { type: profileEvents.CustomerSegmentChanged.type, data: { customerId, to: 'none' } },
      { stream: `standing-${customerId}`, index: 3 },
    );
    expect(documentsOf(customersProjection, [...events, none]).get(customerId)).toMatchObject({
      segment: null,
    });
  });

  it('has the revision of the customer’s own stream: what If-Match is compared with', () => {
    const customer = documentsOf(customersProjection, [
      ...inStream(`customer-${customerId}`, registered, contact(contactId)),
      recorded(bought(purchaseId, '2026-03-01'), {
        stream: `purchases-${customerId}-2026`,
        index: 9,
        revision: 40,
      }),
    ]).get(customerId)!;
    expect(customer.revision).toBe(1);
  });

  it('R-100 keeps the external id of an individual sealed, and forgets it with the name', () => {
    const given = individual(sealed('person', customerId), {
      externalId: sealed('person', customerId),
    });
    expect(customerAfter(given)['externalId']).toMatchObject({
      alg: 'A256GCM',
      aad: expect.stringContaining('/externalId'),
    });
    expect(customerAfter(given, erased(customerId))['externalId']).toEqual({ erased: true });
    const ofCompany = { ...registered, data: { ...(registered.data as object), externalId: 'K-1' } };
    expect(customerAfter(ofCompany)['externalId']).toBe('K-1');
  });

  it('forgets the name of an erased individual', () => {
    expect(customerAfter(individual(sealed('person', customerId)), erased(customerId)).name).toEqual({
      erased: true,
    });
  });

  it('makes nothing of a customer whose registration it has not seen', () => {
    expect(customersProjection.fold(undefined, recorded(contact(contactId)), customerId)).toBeUndefined();
  });

  it('compares names without regard to case, width and spaces', () => {
    expect(normaliseName(' ＹＹ 商贸 Co')).toBe('yy商贸co');
  });
});
