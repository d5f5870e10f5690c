import {
  deadlineEvents,
  deadlineIdOf,
  event,
  profileEvents,
  STANDING_REVIEWS,
  streamName,
  uuid5,
} from '@rapport/contracts';
import { startOfDay } from '@rapport/calendar';
import { toInstant } from '@rapport/platform';
import type { HistoricalEvent } from '../rebuild/customerHistory.ts';

const NAMESPACE = '0d6f5b1e-3d0a-5c1f-8a4e-7b2c9e6f1a35';
const BOUGHT_ON = '2026-05-20';
const BOUGHT_AT = startOfDay(BOUGHT_ON) + 10 * 3_600_000;

/** On the 181st day without a purchase the customer is a churn risk: the due of all that are due. */
export const DUE_AT = startOfDay('2026-11-17');

/** When nothing of it is due yet. */
export const BEFORE_DUE = startOfDay('2026-11-10');

/** How many recorded dues there are. */
export interface Dues {
  /** All of them. */
  readonly recorded: number;
  /** Of those, reviews of customers that are due at once. */
  readonly atOnce: number;
  /** Of those, due at the same time, what no part of the service fires. */
  readonly unfireable: number;
}

/**
 * Customers whose review is due at once, as the product would have recorded them; dues that sleep until the end of the
 * century; and dues that nothing can fire.
 */
export function* overdueHistory({ recorded, atOnce, unfireable }: Dues): Generator<HistoricalEvent> {
  for (let n = 0; n < atOnce; n += 1) yield* buyer(uuid5(NAMESPACE, `buyer ${n}`));
  const sleeping = recorded - atOnce - unfireable;
  for (let n = 0; n < sleeping; n += 1) {
    const stream = streamName('standing', uuid5(NAMESPACE, `sleeper ${n}`));
    yield scheduled(stream, 0, Date.UTC(2099, 0, 1) + n, undefined);
  }
  for (let n = 0; n < unfireable; n += 1) {
    yield scheduled(streamName('risk', uuid5(NAMESPACE, `unfireable ${n}`)), 0, DUE_AT, undefined);
  }
}

function* buyer(customerId: string): Generator<HistoricalEvent> {
  const customer = streamName('customer', customerId);
  const standing = streamName('standing', customerId);
  const told = (
    stream: string,
    revision: number,
    one: HistoricalEvent['event'],
    policies = {},
  ): HistoricalEvent => ({
    stream,
    revision,
    customerId,
    occurredAt: toInstant(BOUGHT_AT),
    via: 'profiles',
    policies,
    event: one,
  });
  yield told(
    customer,
    0,
    event(profileEvents.CustomerRegistered, {
      customerId,
      kind: 'company',
      name: `客户 ${customerId.slice(0, 8)}`,
      firstCooperationOn: '2022-03-01',
      source: 'referral',
    }),
  );
  yield told(customer, 1, event(profileEvents.PurchaseYearOpened, { customerId, year: 2026 }));
  yield told(
    streamName('purchases', `${customerId}-2026`),
    0,
    event(profileEvents.PurchaseRecorded, {
      customerId,
      purchaseId: uuid5(customerId, 'purchase'),
      purchasedOn: BOUGHT_ON,
      product: '年度服务',
      amount: { amount: '600000.00', currency: 'CNY', cny: '600000.00' },
    }),
  );
  const effectiveAt = toInstant(BOUGHT_AT);
  yield told(
    standing,
    0,
    event(profileEvents.CustomerTierChanged, {
      customerId,
      from: 'prospect',
      to: 'A',
      effectiveAt,
      rule: 'R-020 spend band',
      mode: 'spend-led',
      spendBand: 'A',
      tenureBand: 'A',
      fullYears: 4,
      strategic: false,
      candidate: 'A',
      inputs: { spend365dCny: '600000.00', purchases: 1, asOf: BOUGHT_ON },
      knownIndex: 0,
    }),
    { tiering: 1 },
  );
  yield told(
    standing,
    1,
    event(profileEvents.CustomerSegmentChanged, {
      customerId,
      from: 'none',
      to: 'potential',
      effectiveAt,
      rule: 'R-025 points',
      scores: { recency: 5, frequency: 1, monetary: 5 },
      inputs: { daysSinceLastPurchase: 0, purchases365d: 1, net365dCny: '600000.00' },
      knownIndex: 0,
    }),
    { rfm: 1 },
  );
  yield scheduled(standing, 2, DUE_AT, customerId);
}

function scheduled(
  stream: string,
  revision: number,
  due: number,
  customerId: string | undefined,
): HistoricalEvent {
  return {
    stream,
    revision,
    customerId,
    occurredAt: toInstant(BOUGHT_AT),
    via: 'profiles',
    policies: { tiering: 1, rfm: 1 },
    event: event(deadlineEvents.DeadlineScheduled, {
      deadline: STANDING_REVIEWS.next,
      deadlineId: deadlineIdOf(stream, STANDING_REVIEWS.next),
      generation: 1,
      due: toInstant(due),
      clause: 'R-025 segment',
      ...(customerId !== undefined && { customerId }),
    }),
  };
}
