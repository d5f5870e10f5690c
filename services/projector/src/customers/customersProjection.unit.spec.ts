import { describe, expect, it } from '@jest/globals';
import { event, profileEvents, type DomainEvent } from '@rapport/contracts';
import { documentsOf, inStream, recorded, sealed } from '../testing/folding.ts';
import { customersProjection, normaliseName, type CustomerDocument } from './customersProjection.ts';

const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const contactId = '0f5a7f6e-0000-5000-8000-000000000002';
const otherId = '0f5a7f6e-0000-5000-8000-000000000003';
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
      contacts: [],
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

  it('R-002 keeps contacts in order, sealed as they are in the log, with the fields that were given', () => {
    const { contacts } = customerAfter(
      registered,
      contact(contactId, { phone: sealed('person', contactId) }),
      contact(otherId),
    );
    expect(contacts.map((one) => one.contactId)).toEqual([contactId, otherId]);
    expect(contacts[0]).toMatchObject({
      isDecisionMaker: true,
      fullName: { alg: 'A256GCM', aad: expect.stringContaining('/fullName') },
      phone: { alg: 'A256GCM', aad: expect.stringContaining('/phone') },
    });
    expect(contacts[1]).not.toHaveProperty('phone');
  });

  it('R-002 shows when a contact left, and leaves the others alone', () => {
    const left = event(profileEvents.ContactLeft, { customerId, contactId, leftOn: '2026-03-01' });
    const { contacts } = customerAfter(registered, contact(contactId), contact(otherId), left);
    expect(contacts[0]!.leftOn).toBe('2026-03-01');
    expect(contacts[1]).not.toHaveProperty('leftOn');
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

  it('forgets an erased contact: nothing of the person but that it was there', () => {
    const [gone, other] = customerAfter(
      registered,
      contact(contactId, { position: sealed('person', contactId), salutation: '女士' }),
      contact(otherId),
      erased(contactId),
    ).contacts;
    expect(gone).toEqual({ contactId, fullName: { erased: true }, isDecisionMaker: true });
    expect(other!.fullName).toMatchObject({ alg: 'A256GCM' });
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
