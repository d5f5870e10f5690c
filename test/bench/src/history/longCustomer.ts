import { event, profileEvents, streamName, uuid5, type DomainEvent } from '@rapport/contracts';
import { dateOf } from '@rapport/calendar';
import { toInstant, type EpochMillis } from '@rapport/platform';
import type { HistoricalEvent } from '../rebuild/customerHistory.ts';

const NAMESPACE = '6b0f7f0a-6a0e-5a55-9d0a-0c7a1f6f3b1e';
const DAY = 86_400_000;
const DAYS = 3 * 365;

/** The customer that has bought for years. */
export const LONG_CUSTOMER = uuid5(NAMESPACE, 'customer');

/**
 * A customer with so many purchases over the three years before an instant, each recorded on its day, in streams by
 * year of recording.
 */
export function* longCustomer(purchases: number, until: EpochMillis): Generator<HistoricalEvent> {
  const customerId = LONG_CUSTOMER;
  const own = streamName('customer', customerId);
  const began = until - DAYS * DAY;
  const revisions = new Map<string, number>();
  const tell = (stream: string, at: EpochMillis, told: DomainEvent): HistoricalEvent => {
    const revision = (revisions.get(stream) ?? -1) + 1;
    revisions.set(stream, revision);
    const occurredAt = toInstant(at);
    return { stream, revision, customerId, occurredAt, via: 'profiles', policies: {}, event: told };
  };
  yield tell(
    own,
    began,
    event(profileEvents.CustomerRegistered, {
      customerId,
      kind: 'company',
      name: '老客户',
      source: 'referral',
    }),
  );
  let opened = 0;
  for (let n = 1; n <= purchases; n += 1) {
    const at = began + Math.floor((n * DAYS * DAY) / (purchases + 1));
    const purchasedOn = dateOf(at);
    const year = Number(purchasedOn.slice(0, 4));
    if (year > opened) yield tell(own, at, event(profileEvents.PurchaseYearOpened, { customerId, year }));
    opened = year;
    const amount = `${1 + (n % 97)}.00`;
    yield tell(
      streamName('purchases', `${customerId}-${year}`),
      at,
      event(profileEvents.PurchaseRecorded, {
        customerId,
        purchaseId: uuid5(NAMESPACE, `purchase/${n}`),
        purchasedOn,
        product: '年度服务',
        amount: { amount, currency: 'CNY', cny: amount },
      }),
    );
  }
}
