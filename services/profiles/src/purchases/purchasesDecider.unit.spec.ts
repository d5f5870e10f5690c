import { describe, expect, it } from '@jest/globals';
import { event, profileEvents, type DomainEvent, type RecordPurchase } from '@rapport/contracts';
import { specification } from '@rapport/event-sourcing';
import { Set as PersistentSet } from 'immutable';
import { NO_CUSTOMER, type Customer } from '../customer/customerState.ts';
import {
  purchasesDecider,
  recordedPurchaseId,
  type PurchasesCommand,
  type YearOfCommand,
} from './purchasesDecider.ts';

const customerId = '0f5a7f6e-0000-5000-8000-00000000000a';
const commandId = '0f5a7f6e-0000-5000-8000-00000000000c';
const purchaseId = recordedPurchaseId(commandId);
const state: Customer = { ...NO_CUSTOMER, registered: true, customerId, years: PersistentSet([2026]) };
const { given } = specification(purchasesDecider);

const inYear = (customer: Customer, more: Partial<YearOfCommand> = {}): YearOfCommand => ({
  customer: { state: customer, revision: 7 },
  year: 2026,
  elsewhere: { voided: false },
  ...more,
});
const record = (
  more: Partial<RecordPurchase> = {},
  customer: Customer = state,
  at: Partial<YearOfCommand> = {},
): PurchasesCommand => ({
  do: 'record',
  input: {
    purchasedOn: '2026-03-10',
    product: '年度服务',
    amount: { amount: '500000.00', currency: 'CNY' },
    ...more,
  },
  ...inYear(customer, at),
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
const voidIt = (at: Partial<YearOfCommand> = {}): PurchasesCommand => ({
  do: 'void',
  purchaseId,
  input: { reason: '录入错误' },
  ...inYear(state, at),
});

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

  it('contract: a command whose purchase stands in the year is answered by what the log says of it', () => {
    const later = { commandId, now: '2027-12-01T10:00:00+08:00' };
    given(bought)
      .when(record({ purchasedOn: '2025-03-10' }), later)
      .thenStandsSince(0);
  });

  it("contract: a year's first purchase opens it in the customer's stream, and lets nothing more into the year before", () => {
    const ending = { stream: `purchases-${customerId}-2026`, revision: 4 };
    given()
      .when(record({}, state, { year: 2027, ending }), { commandId, now: '2027-01-01T00:00:00+08:00' })
      .thenDecision(({ companions }) =>
        expect(companions).toEqual([
          {
            stream: `customer-${customerId}`,
            expectedRevision: 7,
            events: [event(profileEvents.PurchaseYearOpened, { customerId, year: 2027 })],
          },
          { stream: ending.stream, expectedRevision: 4, events: [] },
        ]),
      );
  });

  it('contract: what is checked does not grow with the years: that the customer has no later one', () => {
    const many = { ...state, years: PersistentSet([1999, 2003, 2019, 2024, 2025, 2026]) };
    given()
      .when(record({ purchasedOn: '2019-05-01' }, many), { commandId })
      .thenDecision(({ companions }) =>
        expect(companions).toEqual([{ stream: `customer-${customerId}`, expectedRevision: 7, events: [] }]),
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
    given(bought).when(voidIt()).then(voided);
  });

  it('R-026 twice changes nothing; what is not there is not found', () => {
    given(bought, voided).when(voidIt()).thenNothing();
    given().when(voidIt()).thenRefused({ kind: 'not-found' });
  });

  it('R-026 of a year that has ended is voided in the last one', () => {
    const recordedIn = 2024;
    given()
      .when(voidIt({ elsewhere: { recordedIn, voided: false } }))
      .then(voided);
    given()
      .when(voidIt({ elsewhere: { recordedIn, voided: true } }))
      .thenNothing();
  });
});
