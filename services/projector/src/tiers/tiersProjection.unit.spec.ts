import { describe, expect, it } from '@jest/globals';
import {
  deadlineEvents,
  event,
  profileEvents,
  STANDING_REVIEWS,
  type DomainEvent,
  type Tier,
} from '@rapport/contracts';
import { documentsOf, recorded } from '../testing/folding.ts';
import { tiersProjection, type TierDocument } from './tiersProjection.ts';

const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const deadlineId = '0f5a7f6e-0000-5000-8000-000000000009';
const registered = event(profileEvents.CustomerRegistered, {
  customerId,
  kind: 'company',
  name: '远见科技有限公司',
  source: 'referral',
});

const decided = (from: Tier, to: Tier, more: { spend?: string; effectiveAt?: string } = {}) =>
  event(profileEvents.CustomerTierChanged, {
    customerId,
    from,
    to,
    effectiveAt: more.effectiveAt ?? '2026-03-01T00:00:00.000Z',
    rule: 'R-020 spend band',
    mode: 'spend-led',
    spendBand: 'A',
    tenureBand: 'A',
    fullYears: 3,
    strategic: false,
    candidate: to,
    inputs: { spend365dCny: more.spend ?? '600000.05', purchases: 3, asOf: '2026-03-01' },
    knownIndex: 4,
  });
const segment = (to: 'none' | 'high-value') =>
  event(profileEvents.CustomerSegmentChanged, {
    customerId,
    from: 'none',
    to,
    effectiveAt: '2026-03-01T00:00:00.000Z',
    rule: 'R-025 all high',
    scores: { recency: 5, frequency: 4, monetary: 5 },
    inputs: { daysSinceLastPurchase: 3, purchases365d: 7, net365dCny: '600000.05' },
    knownIndex: 4,
  });
const figures = (spend365dCny: string, more: { lastPurchaseOn?: string; until?: string } = {}) =>
  event(profileEvents.CustomerFiguresChanged, {
    customerId,
    effectiveAt: '2026-03-02T00:00:00.000Z',
    ...(more.until !== undefined && { until: more.until }),
    figures: {
      spend365dCny,
      net365dCny: spend365dCny,
      purchases365d: 14,
      ...(more.lastPurchaseOn !== undefined && { lastPurchaseOn: more.lastPurchaseOn }),
    },
    scores: { frequency: 5, monetary: 5 },
    recencyDays: [30, 90, 180, 365],
    knownIndex: 9,
  });
const erased = (isCustomer: boolean) =>
  event(profileEvents.PersonErased, { personId: customerId, customerId, isCustomer });

function standingAfter(...events: readonly DomainEvent[]): TierDocument {
  const stream = `standing-${customerId}`;
  const history = events.map((one, index) =>
    recorded(one, { index, stream, policies: { tiering: 3, rfm: 2 } }),
  );
  return documentsOf(tiersProjection, history).get(customerId)!;
}

describe('the tier view', () => {
  it('R-020 begins as a prospect, without reasons', () => {
    expect(standingAfter(registered)).toMatchObject({
      customerId,
      name: '远见科技有限公司',
      tier: 'prospect',
      rule: 'R-020 no purchase and no contract yet',
      reasons: null,
      spendFen: null,
      segment: null,
      history: [],
    });
  });

  it('R-026 shows the tier with the figures it was decided with, winning rule, policy version and the event that says so', () => {
    const standing = standingAfter(registered, decided('prospect', 'A'));
    expect(standing).toMatchObject({
      tier: 'A',
      since: '2026-03-01T00:00:00.000Z',
      spendFen: 60_000_005,
      reasons: {
        rule: 'R-020 spend band',
        decidedAt: '2026-03-01T00:00:00.000Z',
        decidedWith: { spend365dCny: '600000.05', purchases: 3, asOf: '2026-03-01' },
        candidate: 'A',
        policyVersion: 3,
        index: 1,
        stream: `standing-${customerId}`,
      },
      history: [{ from: 'prospect', to: 'A', rule: 'R-020 spend band', index: 1 }],
    });
  });

  it('R-026 keeps the latest twenty changes, latest first', () => {
    const changes = Array.from({ length: 23 }, (_, n) =>
      n % 2 === 0 ? decided('C', 'B') : decided('B', 'C'),
    );
    const { history } = standingAfter(registered, ...changes);
    expect(history.map(({ index }) => index)).toEqual(Array.from({ length: 20 }, (_, n) => 23 - n));
  });

  it('R-020 sorts net refunds below nothing spent', () => {
    expect(standingAfter(registered, decided('prospect', 'C', { spend: '-10.50' })).spendFen).toBe(-1050);
  });

  it('shows inputs whose key is destroyed as erased, and sorts them as unknown', () => {
    const change = decided('prospect', 'A');
    const blank = { ...change, data: { ...change.data, inputs: { erased: true } } };
    expect(standingAfter(registered, blank)).toMatchObject({
      tier: 'A',
      spendFen: null,
      reasons: { decidedWith: { erased: true } },
    });
  });

  it('R-025 shows the segment with its scores; none is no segment', () => {
    expect(standingAfter(registered, segment('high-value'))).toMatchObject({
      segment: 'high-value',
      segmentReasons: {
        rule: 'R-025 all high',
        decidedScores: { recency: 5 },
        decidedWith: { net365dCny: '600000.05' },
        policyVersion: 2,
      },
    });
    expect(standingAfter(registered, segment('high-value'), segment('none')).segment).toBeNull();
  });

  it('R-020 sorts by what was spent up to now, also where the tier stays what it was', () => {
    const standing = standingAfter(registered, decided('prospect', 'A'), figures('10012000.00'));
    expect(standing).toMatchObject({
      spendFen: 1_001_200_000,
      reasons: { decidedWith: { spend365dCny: '600000.05' } },
      figures: { spend365dCny: '10012000.00', purchases365d: 14 },
    });
    // A later decision says what it saw, and not what is spent today.
    expect(standingAfter(registered, figures('7.00'), decided('prospect', 'A')).spendFen).toBe(700);
  });

  it('shows figures whose key is destroyed as unknown', () => {
    const change = figures('7.00');
    const blank = { ...change, data: { ...change.data, figures: { erased: true } } };
    expect(standingAfter(registered, decided('prospect', 'A'), blank)).toMatchObject({
      figures: null,
      spendFen: null,
    });
  });

  it('R-026 shows when time alone will decide next', () => {
    const due = '2026-07-01T00:00:00.000Z';
    const review = { customerId, deadlineId, generation: 1, due, clause: 'R-026' };
    const { clause, ...settled } = { deadline: STANDING_REVIEWS.next, ...review };
    const scheduled = event(deadlineEvents.DeadlineScheduled, { ...settled, clause });
    const next = (...events: DomainEvent[]) => standingAfter(registered, ...events).nextReviewAt;
    expect(next(scheduled)).toBe(due);
    expect(next(scheduled, event(deadlineEvents.DeadlineFired, settled))).toBeNull();
    expect(next(scheduled, event(deadlineEvents.DeadlineCancelled, settled))).toBeNull();
    expect(next(event(profileEvents.StandingReviewScheduled, review))).toBe(due);
    // Of another context's deadline it takes no notice.
    expect(
      tiersProjection.keys(recorded(event(deadlineEvents.DeadlineFired, { ...settled, deadline: 'ack' }))),
    ).toEqual([]);
  });

  it('forgets the name of an erased individual, not that of a contact’s company', () => {
    expect(standingAfter(registered, erased(true)).name).toEqual({ erased: true });
    expect(standingAfter(registered, erased(false)).name).toBe('远见科技有限公司');
  });

  it('makes nothing of a customer whose registration it has not seen', () => {
    expect(tiersProjection.fold(undefined, recorded(decided('C', 'B')), customerId)).toBeUndefined();
  });
});
