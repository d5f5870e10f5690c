import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { startOfDay } from '@rapport/calendar';
import { TIERING } from '@rapport/contracts';
import { parse } from 'csv-parse/sync';
import { candidateTier } from './candidateTier.ts';
import { parseFen } from './fen.ts';
import type { StandingFacts, StrategicFlag } from './standingFacts.ts';

const policy = TIERING.defaultValue;
const rows: Record<string, string>[] = parse(
  readFileSync(new URL('../../../../test/examples/tier-decisions.csv', import.meta.url)),
  { columns: true },
);

function flagsOf(text: string): StrategicFlag[] {
  if (text === 'none') return [];
  if (text === 'requested, not approved') return [{ validUntil: '2027-06-30' }];
  const validUntil = /^approved until (\d{4}-\d{2}-\d{2})$/.exec(text)?.[1];
  if (validUntil === undefined) throw new Error('unknown kind of flag in tier-decisions.csv');
  return [{ approvedAt: startOfDay('2026-10-01'), validUntil }];
}

function factsOf(row: Record<string, string>): StandingFacts {
  const purchases = row['purchases_and_refunds_cny']!.matchAll(/(\d{4}-\d{2}-\d{2}):(-?[\d.]+)/g);
  return {
    firstCooperationOn: row['first_cooperation_on']!,
    purchases: [...purchases].map(([, purchasedOn, amount]) => ({
      purchasedOn: purchasedOn!,
      amountFen: parseFen(amount!),
    })),
    flags: flagsOf(row['strategic_flag']!),
  };
}

describe('the candidate tier', () => {
  it('has 19 worked decisions', () => {
    expect(rows).toHaveLength(19);
  });

  it.each(rows)('R-020 $case: $note', (row) => {
    const judged = (mode: 'spend-led' | 'strict' | 'any') =>
      candidateTier(factsOf(row), { ...policy, mode }, row['as_of']!);
    const led = judged('spend-led');
    expect({
      spend: led.spend365dCny,
      years: String(led.fullYears),
      spendBand: led.spendBand,
      tenureBand: led.tenureBand,
      spendLed: led.tier,
      strict: judged('strict').tier,
      any: judged('any').tier,
      rule: led.rule,
    }).toEqual({
      spend: row['spend_365d_cny'],
      years: row['full_years_together'],
      spendBand: row['spend_band'],
      tenureBand: row['tenure_band'],
      spendLed: row['tier_spend_led'],
      strict: row['tier_strict'],
      any: row['tier_any'],
      rule: `R-020 ${row['rule_that_won_spend_led']}`,
    });
  });

  it('R-020 strict and any name their own rule', () => {
    const facts = {
      firstCooperationOn: '2021-01-01',
      purchases: [{ purchasedOn: '2026-06-01', amountFen: 100 }],
    };
    expect(candidateTier(facts, { ...policy, mode: 'strict' }, '2026-11-22').rule).toBe(
      'R-020 lower of the two bands',
    );
    expect(candidateTier(facts, { ...policy, mode: 'any' }, '2026-11-22').rule).toBe(
      'R-020 higher of the two bands',
    );
  });

  it('R-020 the window holds asOf and 364 days before it', () => {
    const facts = { purchases: [{ purchasedOn: '2025-11-22', amountFen: 50_000_000 }] };
    expect(candidateTier(facts, policy, '2026-11-21').spend365dCny).toBe('500000.00');
    expect(candidateTier(facts, policy, '2026-11-22').spend365dCny).toBe('0.00');
    expect(candidateTier(facts, policy, '2025-11-21')).toMatchObject({
      tier: 'prospect',
      spend365dCny: '0.00',
    });
  });

  it('R-020 without a first cooperation, tenure counts from the first purchase or contract', () => {
    const purchases = [
      { purchasedOn: '2024-11-23', amountFen: 1 },
      { purchasedOn: '2024-01-01', amountFen: -1 },
    ];
    expect(candidateTier({ purchases }, policy, '2026-11-22').fullYears).toBe(1);
    const contracts = [{ startsOn: '2024-11-22' }];
    expect(candidateTier({ purchases, contracts }, policy, '2026-11-22').fullYears).toBe(2);
  });

  it('R-020 a contract alone makes a customer, a refund or a first cooperation alone does not', () => {
    expect(
      candidateTier({ purchases: [], contracts: [{ startsOn: '2026-01-01' }] }, policy, '2026-01-01').tier,
    ).toBe('C');
    expect(
      candidateTier({ purchases: [], contracts: [{ startsOn: '2026-01-02' }] }, policy, '2026-01-01').tier,
    ).toBe('prospect');
    const refundOnly = {
      firstCooperationOn: '2020-01-01',
      purchases: [{ purchasedOn: '2025-12-01', amountFen: -100 }],
    };
    expect(candidateTier(refundOnly, policy, '2026-01-01').tier).toBe('prospect');
  });

  it('R-020 a strategic flag holds up to its expiry date, exclusive, and ends early when it is ended', () => {
    const facts = (flag: StrategicFlag): StandingFacts => ({
      purchases: [{ purchasedOn: '2026-01-01', amountFen: 1 }],
      flags: [flag],
    });
    const approvedAt = startOfDay('2026-02-01');
    const flag = { approvedAt, validUntil: '2026-03-01' };
    expect(candidateTier(facts(flag), policy, '2026-01-31').tier).toBe('C');
    expect(candidateTier(facts(flag), policy, '2026-02-01').tier).toBe('A');
    expect(candidateTier(facts(flag), policy, '2026-02-28').tier).toBe('A');
    expect(candidateTier(facts(flag), policy, '2026-03-01').tier).toBe('C');
    expect(
      candidateTier(facts({ ...flag, endedAt: startOfDay('2026-02-10') }), policy, '2026-02-10').tier,
    ).toBe('C');
  });

  it('R-020 sums beyond the safe integers stay exact', () => {
    const purchases = Array.from({ length: 50 }, () => ({
      purchasedOn: '2026-01-01',
      amountFen: 999_999_999_999_999,
    }));
    expect(candidateTier({ purchases }, policy, '2026-01-01').spend365dCny).toBe('499999999999999.50');
  });
});
