import { describe, expect, it } from '@jest/globals';
import { event, profileEvents, type DomainEvent, type RecordPurchase } from '@rapport/contracts';
import { specification } from '@rapport/event-sourcing';
import { Map as PersistentMap, Set as PersistentSet } from 'immutable';
import { NO_CUSTOMER, type Customer } from '../customer/customerState.ts';
import {
  purchasesDecider,
  recordedPurchaseId,
  type PurchasesCommand,
  type YearAt,
} from './purchasesDecider.ts';
import { purchasesStream } from './purchasesState.ts';

const customerId = '0f5a7f6e-0000-5000-8000-00000000000a';
const commandId = '0f5a7f6e-0000-5000-8000-00000000000c';
const purchaseId = recordedPurchaseId(commandId);
const state: Customer = { ...NO_CUSTOMER, registered: true, customerId, years: PersistentSet([2026]) };
const { given } = specification(purchasesDecider);

const record = (
  more: Partial<RecordPurchase> = {},
  customer: Customer = state,
  others: readonly YearAt[] = [],
): PurchasesCommand => ({
  do: 'record',
  input: {
    purchasedOn: '2026-03-10',
    product: '年度服务',
    amount: { amount: '500000.00', currency: 'CNY' },
    ...more,
  },
  customer: { state: customer, revision: 7 },
  others,
});
const yearAt = (year: number, bought: readonly string[]): YearAt => ({
  stream: purchasesStream(customerId, year),
  state: { byId: PersistentMap(bought.map((id, since) => [id, { since, voided: false }])) },
  revision: bought.length - 1,
});
const paid = (amount: string, currency: 'CNY' | 'USD' = 'CNY') => ({ amount: { amount, currency } });
const recorded = (amount: object): DomainEvent['data'] => ({
  customerId,
  purchaseId,
  purchasedOn: '2026-03-10',
  product: '年度服务',
  amount,
});
const bought = event(
  profileEvents.PurchaseRecorded,
  recorded({ amount: '500000.00', currency: 'CNY', cny: '500000.00' }) as never,
);
const voided = event(profileEvents.PurchaseVoided, { customerId, purchaseId, reason: '录入错误' });
const voidIt: PurchasesCommand = {
  do: 'void',
  purchaseId,
  input: { reason: '录入错误' },
  customer: { state, revision: 7 },
};

describe('recording a purchase', () => {
  it('R-003 keeps date, product and amount', () => {
    given().when(record(), { commandId }).then(bought);
  });

  it('R-003 another currency keeps the rate of the day, and its value in CNY', () => {
    const amount = { amount: '100.00', currency: 'USD', cny: '712.05', rate: '7.1205' };
    given()
      .when(record({ ...paid('100.00', 'USD'), rate: '7.1205' }), { commandId })
      .then({ type: profileEvents.PurchaseRecorded.type, data: recorded(amount) });
  });

  it('R-003 R-020 a negative amount is a refund', () => {
    const amount = { amount: '-1.50', currency: 'CNY', cny: '-1.50' };
    given()
      .when(record(paid('-1.50')), { commandId })
      .then({ type: profileEvents.RefundRecorded.type, data: recorded(amount) });
  });

  it('R-003 an import repeated after months changes nothing, also when it was voided meanwhile', () => {
    const later = { commandId, now: '2026-12-01T10:00:00+08:00' };
    given(bought).when(record(), later).thenStandsSince(0);
    given(bought, voided).when(record(), later).thenStandsSince(0);
  });

  it.each([
    ['amount.amount', paid('0.00')],
    ['amount.amount', paid('-0.00')],
    ['rate', paid('100.00', 'USD')],
    ['rate', { ...paid('100.00'), rate: '1' }],
    ['rate', { ...paid('100.00', 'USD'), rate: '0.000' }],
    ['amount.amount', { ...paid('0.01', 'USD'), rate: '0.1' }],
    ['amount.amount', { ...paid('9999999999999.99', 'USD'), rate: '7' }],
    ['purchasedOn', { purchasedOn: '2026-03-11' }],
    ['purchasedOn', { purchasedOn: '1899-12-31' }],
  ])('R-003 refuses %s of %j', (field, more) => {
    given().when(record(more), { commandId }).thenRefused({ kind: 'invalid-input', field });
  });

  it('contract: the same command with a date of another year is another request', () => {
    const again = record({}, state, [yearAt(2025, [purchaseId])]);
    given().when(again, { commandId }).thenRefused({ kind: 'idempotency-key-reused', field: 'purchasedOn' });
    given(bought).when(again, { commandId }).thenStandsSince(0);
  });

  it("contract: a year's first purchase opens the year in the customer's stream, at the revision just seen", () => {
    given()
      .when(record({ purchasedOn: '2025-12-31' }), { commandId })
      .thenDecision(({ companions }) =>
        expect(companions).toEqual([
          {
            stream: `customer-${customerId}`,
            expectedRevision: 7,
            events: [event(profileEvents.PurchaseYearOpened, { customerId, year: 2025 })],
          },
        ]),
      );
  });

  it('contract: the other years, and which there are, are as they were seen: the same command may be on its way to one', () => {
    given()
      .when(record({}, state, [yearAt(2024, ['a', 'b']), yearAt(2025, [])]), { commandId })
      .thenDecision(({ companions }) =>
        expect(companions).toEqual([
          { stream: `customer-${customerId}`, expectedRevision: 7, events: [] },
          { stream: `purchases-${customerId}-2024`, expectedRevision: 1, events: [] },
          { stream: `purchases-${customerId}-2025`, expectedRevision: -1, events: [] },
        ]),
      );
  });

  it('R-100 an individual who was erased buys nothing more', () => {
    given()
      .when(record({}, { ...state, kind: 'individual' }), { commandId })
      .thenDecision(({ companions }) =>
        expect(companions).toMatchObject([
          { stream: `customer-${customerId}`, expectedRevision: 7, events: [] },
          { stream: `person-${customerId}`, expectedRevision: -1, events: [] },
        ]),
      );
  });

  it('unknown customers are not found', () => {
    given().when(record({}, NO_CUSTOMER), { commandId }).thenRefused({ kind: 'not-found' });
  });
});

describe('voiding a purchase', () => {
  it('R-026 says that it never counted, with the reason', () => {
    given(bought).when(voidIt).then(voided);
  });

  it('R-026 twice changes nothing; what is not there is not found', () => {
    given(bought, voided).when(voidIt).thenNothing();
    given().when(voidIt).thenRefused({ kind: 'not-found' });
  });
});
