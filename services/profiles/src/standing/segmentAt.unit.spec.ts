import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { defaultVersion, RFM } from '@rapport/contracts';
import { parse } from 'csv-parse/sync';
import { segmentAt } from '../testing/judging.ts';
import { parseFen } from './fen.ts';
import { rfmRules } from './rfmRules.ts';
import { rfmScores } from './rfmScores.ts';
import { type RfmBand, rfmBands, rfmSegment, startsRecall } from './rfmSegment.ts';
import type { Purchase } from './standingFacts.ts';

const policy = RFM.defaultValue;
const versions = [defaultVersion(RFM)];
const standard = rfmRules(policy, undefined);
const rows: Record<string, string>[] = parse(
  readFileSync(new URL('../../../../test/examples/rfm-cells.csv', import.meta.url)),
  { columns: true },
);
const at = (date: string) => Date.parse(`${date}T00:00:00+08:00`);
const bought = (purchasedOn: string, amount = '1.00'): Purchase => ({
  purchasedOn,
  amountFen: parseFen(amount),
});

describe('RFM segments', () => {
  it('has an example for each of the 27 combinations', () => {
    expect(new Set(rows.map((row) => `${row['R']} ${row['F']} ${row['M']}`)).size).toBe(27);
  });

  it.each(rows)('R-025 R $R, F $F, M $M under three sets of weights', (row) => {
    const band = (name: string): RfmBand => (name === 'mid' ? 'middle' : (name as RfmBand));
    const bands = { recency: band(row['R']!), frequency: band(row['F']!), monetary: band(row['M']!) };
    const [equal, shop, plant] = [undefined, 'F5292', 'C3411'].map((industry) =>
      rfmSegment(bands, rfmRules(policy, industry).weights),
    );
    expect({
      equal: [equal!.segment, equal!.rule],
      shop: [shop!.segment, shop!.rule],
      plant: [plant!.segment, plant!.rule],
      recall: startsRecall(equal!.segment) ? 'yes' : 'no',
      differs: new Set([equal!.segment, shop!.segment, plant!.segment]).size > 1 ? 'yes' : 'no',
    }).toEqual({
      equal: [row['segment_equal_1_1_1'], `R-025 ${row['rule_equal']}`],
      shop: [row['segment_ecommerce_1_2_1'], `R-025 ${row['rule_ecommerce']}`],
      plant: [row['segment_manufacturing_1_1_2'], `R-025 ${row['rule_manufacturing']}`],
      recall: row['recall_started'],
      differs: row['differs_by_weights'],
    });
  });

  it('R-025 bands: 1 and 2 low, 3 middle, 4 and 5 high', () => {
    const bands = [1, 2, 3, 4, 5].map((score) =>
      rfmBands({ recency: score, frequency: score, monetary: score }, policy.bands),
    );
    expect(bands.map((band) => band.recency)).toEqual(['low', 'low', 'middle', 'high', 'high']);
    expect(bands.map((band) => band.monetary)).toEqual(['low', 'low', 'middle', 'high', 'high']);
  });
});

describe('RFM scores', () => {
  const scores = (daysSinceLastPurchase: number, purchases: number, amount: string) =>
    Object.values(
      rfmScores({ daysSinceLastPurchase, purchases, netFen: BigInt(parseFen(amount)) }, standard),
    );

  it('R-024 every cut point is exact on both sides', () => {
    expect([0, 30, 31, 90, 91, 180, 181, 365, 366, 9_999].map((days) => scores(days, 1, '0.00')[0])).toEqual([
      5, 5, 4, 4, 3, 3, 2, 2, 1, 1,
    ]);
    expect([100, 12, 11, 6, 5, 3, 2, 1, 0].map((purchases) => scores(0, purchases, '0.00')[1])).toEqual([
      5, 5, 4, 4, 3, 3, 2, 1, 1,
    ]);
    const amounts = [
      '500000.00',
      '499999.99',
      '300000.00',
      '299999.99',
      '100000.00',
      '99999.99',
      '10000.00',
      '9999.99',
      '-1.00',
    ];
    expect(amounts.map((amount) => scores(0, 1, amount)[2])).toEqual([5, 4, 4, 3, 3, 2, 2, 1, 1]);
  });

  it('R-024 cut points and weights are those of the longest code that the industry lies in', () => {
    const named = (industry: string | undefined) => rfmRules(policy, industry).industry;
    expect(['F5292', '5292', 'F5193', 'I6431', '643'].map(named)).toEqual(Array(5).fill('e-commerce'));
    expect(['C', 'C13', '13', 'C4360', '4360'].map(named)).toEqual(Array(5).fill('manufacturing'));
    expect([undefined, '', 'F', 'F5291', '12', '44', '00', '99', 'I64', 'IC'].map(named)).toEqual(
      Array(10).fill('standard'),
    );
    const own = {
      recencyDays: [1, 2, 3, 4],
      frequency: [4, 3, 2, 1],
      monetaryCny: ['4.00', '3.00', '2.00', '1.00'],
    };
    const steel = {
      ...policy,
      industries: [...policy.industries, { name: 'steel', codes: ['C31'], cutPoints: own }],
    };
    expect(rfmRules(steel, 'C3110')).toMatchObject({
      industry: 'steel',
      recencyDays: [1, 2, 3, 4],
      weights: policy.weights,
    });
    expect(rfmRules(steel, 'C3210').industry).toBe('manufacturing');
  });
});

describe('the segment at an instant', () => {
  it('R-025 who never bought has no segment, a refund is no purchase', () => {
    const none = segmentAt(
      { purchases: [bought('2026-01-01', '-5.00')] },
      versions,
      undefined,
      at('2026-06-01'),
    );
    expect(none).toMatchObject({ policyVersion: 1 });
    expect([none.segment, none.decision, none.nextReviewAt]).toEqual([undefined, undefined, undefined]);
    const ahead = segmentAt({ purchases: [bought('2026-07-01')] }, versions, undefined, at('2026-06-01'));
    expect([ahead.segment, ahead.nextReviewAt]).toEqual([undefined, at('2026-07-01')]);
  });

  it('R-024 refunds count in M, not in F and not as the last purchase', () => {
    const purchases = [
      bought('2026-01-01', '400000.00'),
      bought('2026-02-01', '200000.00'),
      bought('2026-05-01', '-350000.00'),
    ];
    expect(segmentAt({ purchases }, versions, undefined, at('2026-05-02')).decision).toMatchObject({
      daysSinceLastPurchase: 90,
      purchases365d: 2,
      net365dCny: '250000.00',
      scores: { recency: 4, frequency: 2, monetary: 3 },
      industry: 'standard',
      rule: 'R-025 5 weighted 3/6',
    });
  });

  it('R-024 R-025 time alone moves a customer from potential to churn risk to low value', () => {
    const purchases = ['01', '02', '03', '04', '05', '06'].map((day) =>
      bought(`2026-01-${day}`, '100000.00'),
    );
    const seen: string[] = [];
    let standing = segmentAt({ purchases }, versions, undefined, at('2026-01-06'));
    for (;;) {
      seen.push(`${standing.segment} ${standing.decision!.rule}`);
      if (standing.nextReviewAt === undefined) break;
      seen.push(new Date(standing.nextReviewAt + 8 * 3_600_000).toISOString().slice(0, 10));
      standing = segmentAt({ purchases }, versions, undefined, standing.nextReviewAt);
    }
    expect(seen).toEqual([
      'high-value R-025 1 all high',
      '2026-04-07', // 91 days after the last purchase
      'potential R-025 5 weighted 5/6',
      '2026-07-06', // 181 days
      'churn-risk R-025 3 R low',
      '2027-01-06', // the last purchase leaves the window, with it M = 3
      'low-value R-025 2 all low',
    ]);
  });
});
