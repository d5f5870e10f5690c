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
const BOUGHT_ON = '2026-05-24';
const RECORDED_AT = startOfDay(BOUGHT_ON) + 10 * 3_600_000;

/** The service whose designations end by themselves: the smallest decider with a deadline, as the specification has it. */
export const DESIGNATIONS = 'designations';

/** When nothing of it is due yet. */
export const BEFORE_DUE = startOfDay('2026-11-10');

/** What falls due at once, and when. Reviews are due on the 181st day without a purchase. */
export const GROUPS = {
  alone: { due: '2026-11-17', kind: 'designations', unfireable: false },
  underLoad: { due: '2026-11-18', kind: 'designations', unfireable: false },
  aloneWithUnfireable: { due: '2026-11-19', kind: 'designations', unfireable: true },
  underLoadWithUnfireable: { due: '2026-11-20', kind: 'designations', unfireable: false },
  reviews: { due: '2026-11-21', kind: 'reviews', unfireable: false },
} as const;

export type Group = keyof typeof GROUPS;

export interface Dues {
  /** All of them. */
  readonly recorded: number;
  /** In each group. */
  readonly atOnce: number;
  /** Due with the group that has them, and again with those after it; what no part of the service fires. */
  readonly unfireable: number;
}

/** Dues of every group, as the product would have recorded them; the rest sleeps until the end of the century. */
export function* overdueHistory({ recorded, atOnce, unfireable }: Dues): Generator<HistoricalEvent> {
  let sleeping = recorded;
  for (const [group, { due, kind, unfireable: isWithout }] of Object.entries(GROUPS)) {
    const at = startOfDay(due);
    for (let n = 0; n < atOnce; n += 1) {
      const id = uuid5(NAMESPACE, `${group} ${n}`);
      yield* kind === 'reviews' ? buyer(id, at) : designated(id, due);
    }
    sleeping -= atOnce;
    if (!isWithout) continue;
    for (let n = 0; n < unfireable; n += 1) {
      const stream = streamName('risk', uuid5(NAMESPACE, `unfireable ${n}`));
      yield scheduled({ stream, revision: 0, due: at, deadline: 'expiry', via: DESIGNATIONS });
    }
    sleeping -= unfireable;
  }
  for (let n = 0; n < sleeping; n += 1) {
    const stream = streamName('customer', uuid5(NAMESPACE, `sleeper ${n}`));
    yield scheduled({
      stream,
      revision: 0,
      due: Date.UTC(2099, 0, 1) + n,
      deadline: 'expiry',
      via: DESIGNATIONS,
    });
  }
}

function* designated(customerId: string, validUntil: string): Generator<HistoricalEvent> {
  const stream = streamName('customer', customerId);
  const designationId = uuid5(customerId, 'designation');
  yield told(
    stream,
    0,
    customerId,
    event(profileEvents.StrategicDesignationApproved, { customerId, designationId, validUntil }),
    DESIGNATIONS,
  );
  yield scheduled({
    stream,
    revision: 1,
    due: startOfDay(validUntil),
    deadline: 'expiry',
    key: designationId,
    via: DESIGNATIONS,
    customerId,
  });
}

function* buyer(customerId: string, due: number): Generator<HistoricalEvent> {
  const customer = streamName('customer', customerId);
  const standing = streamName('standing', customerId);
  const effectiveAt = toInstant(RECORDED_AT);
  yield told(
    customer,
    0,
    customerId,
    event(profileEvents.CustomerRegistered, {
      customerId,
      kind: 'company',
      name: `客户 ${customerId.slice(0, 8)}`,
      firstCooperationOn: '2022-03-01',
      source: 'referral',
    }),
  );
  yield told(customer, 1, customerId, event(profileEvents.PurchaseYearOpened, { customerId, year: 2026 }));
  yield told(
    streamName('purchases', `${customerId}-2026`),
    0,
    customerId,
    event(profileEvents.PurchaseRecorded, {
      customerId,
      purchaseId: uuid5(customerId, 'purchase'),
      purchasedOn: BOUGHT_ON,
      product: '年度服务',
      amount: { amount: '600000.00', currency: 'CNY', cny: '600000.00' },
    }),
  );
  yield told(
    standing,
    0,
    customerId,
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
  );
  yield told(
    standing,
    1,
    customerId,
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
  );
  const deadline = STANDING_REVIEWS.next;
  yield scheduled({ stream: standing, revision: 2, due, deadline, via: 'profiles', customerId });
}

function told(
  stream: string,
  revision: number,
  customerId: string | undefined,
  one: HistoricalEvent['event'],
  via = 'profiles',
): HistoricalEvent {
  const occurredAt = toInstant(RECORDED_AT);
  return { stream, revision, customerId, occurredAt, via, policies: { tiering: 1, rfm: 1 }, event: one };
}

interface RecordedDue {
  readonly stream: string;
  readonly revision: number;
  readonly due: number;
  readonly deadline: string;
  readonly key?: string;
  readonly via: string;
  readonly customerId?: string;
}

function scheduled({ stream, revision, due, deadline, key, via, customerId }: RecordedDue): HistoricalEvent {
  const data = {
    deadline,
    ...(key !== undefined && { key }),
    deadlineId: deadlineIdOf(stream, deadline, key),
    generation: 1,
    due: toInstant(due),
    clause: deadline === 'expiry' ? 'R-020 expiry' : 'R-025 segment',
    ...(customerId !== undefined && { customerId }),
  };
  return told(stream, revision, customerId, event(deadlineEvents.DeadlineScheduled, data), via);
}
