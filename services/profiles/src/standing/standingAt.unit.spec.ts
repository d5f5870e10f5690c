import { describe, expect, it } from '@jest/globals';
import { startOfDay } from '@rapport/calendar';
import { defaultVersion, type PolicyVersion, TIERING, type TieringPolicy } from '@rapport/contracts';
import { standingAt } from '../testing/judging.ts';
import { parseFen } from './fen.ts';
import type { Purchase, StandingFacts } from './standingFacts.ts';
import type { Standing } from './standingAt.ts';
import { tierReasons } from './tierReasons.ts';

const versions = [defaultVersion(TIERING)];
const at = (text: string) => Date.parse(text.length === 10 ? `${text}T00:00:00+08:00` : `${text}+08:00`);
const bought = (purchasedOn: string, amount: string, recordedAt?: string): Purchase => ({
  purchasedOn,
  amountFen: parseFen(amount),
  ...(recordedAt === undefined ? {} : { recordedAt: at(recordedAt) }),
});
const since2020 = (...purchases: Purchase[]): StandingFacts => ({
  firstCooperationOn: '2020-01-01',
  purchases,
});
const standing = (facts: StandingFacts, instant: string): Standing =>
  standingAt(facts, versions, at(instant));

/** Every change of tier after `from`, found by following nextReviewAt alone. */
function changesAfter(facts: StandingFacts, from: string, policies = versions): string[] {
  const changes: string[] = [];
  for (let next = standingAt(facts, policies, at(from)).nextReviewAt; next !== undefined;) {
    const { tier, nextReviewAt } = standingAt(facts, policies, next);
    changes.push(`${tier} ${new Date(next + 8 * 3_600_000).toISOString().slice(0, 16)}`);
    next = nextReviewAt;
  }
  return changes;
}

describe('tier-downgrades.csv, realised by purchases', () => {
  it('R-026 D-01 a candidate below from 10 February falls on 1 July', () => {
    const facts = since2020(bought('2025-02-10', '500000.00'), bought('2025-12-31', '200000.00'));
    expect(standing(facts, '2026-02-09').rule).toBe('R-020 spend band');
    expect(standing(facts, '2026-02-10')).toMatchObject({
      tier: 'A',
      rule: 'R-026 held until below for a full quarter',
      nextReviewAt: at('2026-07-01'),
      candidate: { tier: 'B', spend365dCny: '200000.00' },
    });
    expect(standing(facts, '2026-06-30T23:59:59.999').tier).toBe('A');
    expect(standing(facts, '2026-07-01')).toMatchObject({
      tier: 'B',
      rule: 'R-020 spend band',
    });
  });

  it('R-026 D-02 a candidate below from the first instant of a quarter falls at its end', () => {
    const facts = since2020(bought('2025-04-01', '500000.00'), bought('2025-12-31', '200000.00'));
    expect(changesAfter(facts, '2026-01-01')[0]).toBe('B 2026-07-01T00:00');
  });

  it('R-026 D-04 one day above the line restarts the wait', () => {
    const facts = since2020(
      bought('2025-03-20', '500000.00'),
      bought('2025-07-01', '300000.00'),
      bought('2026-06-30', '200000.00'),
    );
    expect(standing(facts, '2026-06-29').candidate.tier).toBe('B');
    expect(standing(facts, '2026-06-30').candidate.tier).toBe('A');
    expect(standing(facts, '2026-07-01').candidate.tier).toBe('B');
    expect(changesAfter(facts, '2026-01-01')[0]).toBe('B 2026-10-01T00:00');
  });

  it('R-026 D-05 falls to the best candidate of the quarter first', () => {
    const facts = since2020(bought('2025-03-20', '500000.00'), bought('2025-05-15', '200000.00'));
    expect(changesAfter(facts, '2026-01-01')).toEqual(['B 2026-07-01T00:00', 'C 2026-10-01T00:00']);
  });

  it('R-026 D-07 voiding the only large purchase does not wait', () => {
    const small = bought('2026-01-15', '50000.00');
    const before = since2020(small, bought('2026-02-01', '600000.00'));
    const after = since2020(small);
    expect(standing(before, '2026-08-12T09:30:00').tier).toBe('A');
    expect(standing(after, '2026-08-12T09:30:00')).toMatchObject({ tier: 'C', rule: 'R-020 spend band' });
  });

  it('R-026 D-08 a purchase lifts at the instant at which it is recorded on its day', () => {
    const facts = since2020(
      bought('2026-01-15', '50000.00'),
      bought('2026-08-12', '100000.00', '2026-08-12T09:30:00'),
    );
    expect(standing(facts, '2026-08-12T09:29:59.999')).toMatchObject({
      tier: 'C',
      nextReviewAt: at('2026-08-12T09:30:00'),
    });
    expect(standing(facts, '2026-08-12T09:30:00')).toMatchObject({
      tier: 'B',
    });
  });
});

describe('the tier at an instant', () => {
  it('R-020 who never bought is a prospect, flag or not, and nothing comes due', () => {
    const facts: StandingFacts = {
      firstCooperationOn: '2020-01-01',
      purchases: [],
      flags: [{ approvedAt: at('2026-01-01'), validUntil: '2027-01-01' }],
    };
    expect(standing(facts, '2026-06-01')).toMatchObject({
      tier: 'prospect',
      rule: 'R-020 never bought',
      nextReviewAt: undefined,
    });
  });

  it('R-026 a purchase dated ahead counts from its day, one recorded late from its day too', () => {
    const ahead = since2020(bought('2026-09-01', '600000.00', '2026-08-12T09:30:00'));
    expect(standing(ahead, '2026-08-31T23:59:59.999')).toMatchObject({
      tier: 'prospect',
      nextReviewAt: at('2026-09-01'),
    });
    expect(standing(ahead, '2026-09-01').tier).toBe('A');
    const late = since2020(bought('2026-08-01', '600000.00', '2026-08-12T09:30:00'));
    expect(standing(late, '2026-08-12T09:30:00')).toMatchObject({ tier: 'A' });
  });

  it('R-020 an anniversary lifts at once: 29 February is complete on the 28th', () => {
    const facts = { firstCooperationOn: '2024-02-29', purchases: [bought('2025-06-01', '500000.00')] };
    expect(standing(facts, '2026-02-27')).toMatchObject({
      tier: 'B',
      rule: 'R-020 spend band lowered by one for short tenure',
      nextReviewAt: at('2026-02-28'),
    });
    expect(standing(facts, '2026-02-28').tier).toBe('A');
  });

  it('R-026 a flag lifts at once, and its end falls back at once to what was earned meanwhile', () => {
    const facts: StandingFacts = {
      ...since2020(bought('2025-03-20', '200000.00')),
      flags: [{ approvedAt: at('2025-08-01T10:00:00'), validUntil: '2026-05-15' }],
    };
    expect(changesAfter(facts, '2025-06-01')).toEqual([
      'A 2025-08-01T10:00',
      'B 2026-05-15T00:00',
      'C 2026-07-01T00:00',
    ]);
    expect(standing(facts, '2026-01-01').rule).toBe('R-020 strategic');
    // Time below ran while the flag held: here the quarter was over before the flag ended.
    const longer = { ...facts, flags: [{ approvedAt: at('2025-08-01T10:00:00'), validUntil: '2026-07-02' }] };
    expect(changesAfter(longer, '2025-09-01')).toEqual(['C 2026-07-02T00:00']);
    const ended = { ...facts, flags: [{ ...facts.flags![0]!, endedAt: at('2025-12-24T15:00:00') }] };
    expect(changesAfter(ended, '2025-09-01')[0]).toBe('B 2025-12-24T15:00');
  });

  it('R-026 each day is judged by the policy in force on it', () => {
    const stricter: PolicyVersion<TieringPolicy> = {
      name: 'tiering',
      version: 2,
      effectiveFrom: '2026-02-09T16:00:00.000Z',
      value: { ...TIERING.defaultValue, spendCny: { a: '1000000.00', b: '100000.00' } },
    };
    const longer: PolicyVersion<TieringPolicy> = {
      ...stricter,
      version: 3,
      effectiveFrom: '2026-11-01T02:00:00.000Z',
      value: { ...stricter.value, windowDays: 730 },
    };
    const facts = since2020(bought('2025-08-01', '600000.00'), bought('2025-12-01', '400000.00'));
    const policies = [longer, versions[0]!, stricter];
    expect(changesAfter(facts, '2026-01-01', policies)).toEqual([
      // 400,000 from 2026-08-01; the longer window makes it 1,000,000 again from November to 2027-08-01.
      'B 2028-01-01T00:00',
      'C 2028-04-01T00:00',
    ]);
    expect(standingAt(facts, policies, at('2026-09-01'))).toMatchObject({
      tier: 'A',
      policyVersion: 2,
      candidate: { tier: 'B' },
    });
    expect(standingAt(facts, policies, at('2026-11-01T10:00:00'))).toMatchObject({
      policyVersion: 3,
      candidate: { tier: 'A' },
    });
  });

  it('R-026 without a policy that holds since ever nothing is judged, loudly', () => {
    const late = { ...versions[0]!, effectiveFrom: '2026-01-01T00:00:00.000Z' };
    expect(() => standingAt(since2020(), [late], at('2026-06-01'))).toThrow('add its default version');
  });

  it('R-026 the reasons name the rule first and hold no amount', () => {
    const facts = since2020(bought('2025-02-10', '543210.00'), bought('2025-12-31', '212345.00'));
    const reasons = tierReasons(standing(facts, '2026-03-01'));
    expect(reasons[0]).toBe('R-026 held until below for a full quarter');
    expect(reasons).toContain('the facts alone would give B');
    expect(reasons).toContain('changes on 2026-07-01 if nothing new becomes known');
    expect(reasons.join()).not.toMatch(/543210|212345|755555/);
  });

  it('R-026 a customer with dates at the end of the calendar is judged, and nothing comes due beyond it', () => {
    const facts: StandingFacts = {
      purchases: [bought('9999-12-30', '600000.00')],
      flags: [{ approvedAt: 0, validUntil: '9999-12-31' }],
    };
    expect(standingAt(facts, versions, startOfDay('9999-12-30'))).toMatchObject({
      tier: 'A',
      nextReviewAt: undefined,
    });
  });
});
