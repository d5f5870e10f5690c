import { describe, expect, it } from '@jest/globals';
import { event, profileEvents, type CurrentEvent } from '@rapport/contracts';
import { asRecorded, emptyFold, foldEvents, type FoldedStream } from '@rapport/event-sourcing';
import { testCaches } from '@rapport/platform/testing';
import { Set as PersistentSet } from 'immutable';
import { NO_CUSTOMER } from '../customer/customerState.ts';
import { purchasesDecider, type CustomerAt } from './purchasesDecider.ts';
import { PurchaseYears } from './purchaseYears.ts';
import { purchasesStream, type Purchases } from './purchasesState.ts';

const customerId = '0f5a7f6e-0000-5000-8000-00000000000a';
const NOW = Date.parse('2027-01-01T00:00:00+08:00');
const idOf = (n: number): string => `0f5a7f6e-0000-5000-8000-${String(n).padStart(12, '0')}`;

const customer = (...years: number[]): CustomerAt => ({
  state: { ...NO_CUSTOMER, registered: true, customerId, years: PersistentSet(years) },
  revision: years.length,
});

function years(streams: Readonly<Record<number, readonly CurrentEvent[]>>) {
  const reads: string[] = [];
  const readStream = async (stream: string): Promise<readonly CurrentEvent[]> => {
    reads.push(stream.slice(-4));
    await Promise.resolve();
    return streams[Number(stream.slice(-4))] ?? [];
  };
  const fold = async (stream: string): Promise<FoldedStream<Purchases>> =>
    foldEvents(purchasesDecider, emptyFold(purchasesDecider), await readStream(stream));
  const made = new PurchaseYears({ load: fold, peek: fold }, { readStream }, testCaches());
  return { years: made, reads };
}

const bought = (n: number, revision = 0): CurrentEvent =>
  asRecorded(
    event(profileEvents.PurchaseRecorded, {
      customerId,
      purchaseId: idOf(n),
      purchasedOn: '2019-05-06',
      product: '年度服务',
      amount: { amount: '1.00', currency: 'CNY', cny: '1.00' },
    }),
    revision,
  );
const voided = (n: number, revision = 0): CurrentEvent =>
  asRecorded(
    event(profileEvents.PurchaseVoided, { customerId, purchaseId: idOf(n), reason: '录入错误' }),
    revision,
  );

describe('the years of a customer’s purchases', () => {
  it('contract: a command is decided in the last year, which is opened by the first of a new one', async () => {
    const { years: of } = years({});
    expect(await of.last(customer(), idOf(1), NOW, 'peek')).toMatchObject({ year: 2027 });
    expect(await of.last(customer(2027), idOf(1), NOW, 'peek')).not.toHaveProperty('ending');
    expect(await of.last(customer(2025, 2026), idOf(1), NOW, 'peek')).toMatchObject({
      year: 2027,
      ending: { stream: purchasesStream(customerId, 2026), revision: -1 },
    });
    // A clock that stepped back does not go back to the year before.
    expect(await of.last(customer(2028), idOf(1), NOW, 'peek')).toMatchObject({ year: 2028 });
  });

  it('contract: what was recorded or voided in any other year is found, whatever the year of its date', async () => {
    const { years: of } = years({ 2024: [bought(1)], 2025: [voided(1)], 2026: [bought(2)] });
    const elsewhere = async (n: number): Promise<unknown> =>
      (await of.last(customer(2024, 2025, 2026), idOf(n), NOW, 'peek')).elsewhere;
    expect(await elsewhere(1)).toEqual({ recordedIn: 2024, voided: true });
    expect(await elsewhere(2)).toEqual({ recordedIn: 2026, voided: false });
    expect(await elsewhere(3)).toEqual({ voided: false });
  });

  it('a year that has ended is read once, also for commands at the same time', async () => {
    const { years: of, reads } = years({ 2024: [bought(1)], 2025: [bought(2)] });
    const ask = (): Promise<unknown> => of.last(customer(2024, 2025, 2027), idOf(3), NOW, 'peek');
    await Promise.all(Array.from({ length: 16 }, ask));
    await ask();
    expect(reads).toEqual(['2024', '2025']);
    // Releases before this one may still write there.
    of.observe([{ ...bought(4), stream: purchasesStream(customerId, 2024) }]);
    await ask();
    expect(reads).toEqual(['2024', '2025', '2024']);
  });
});
