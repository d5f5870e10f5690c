import Type, { type Static } from 'typebox';
import { CnyText, fenOf } from './amountText.ts';
import type { PolicyDefinition, PolicyFault } from './policyDefinition.ts';
import { isStrictlyOrdered } from './strictOrder.ts';

const four = <S extends Type.TSchema>(item: S) => Type.Array(item, { minItems: 4, maxItems: 4 });

const CutPointsSchema = Type.Object(
  {
    /** Most whole days since the last purchase for 5, 4, 3, 2 points; more is 1. */
    recencyDays: four(Type.Integer({ minimum: 0, maximum: 36_600 })),
    /** Least purchases in the window for 5, 4, 3, 2 points; fewer is 1. */
    frequency: four(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    /** Least net CNY in the window for 5, 4, 3, 2 points; less is 1. */
    monetaryCny: four(CnyText()),
  },
  { additionalProperties: false },
);

const weight = () => Type.Integer({ minimum: 0, maximum: 1_000 });
const WeightsSchema = Type.Object(
  { recency: weight(), frequency: weight(), monetary: weight() },
  { additionalProperties: false },
);

const RfmPolicySchema = Type.Object(
  {
    /** F and M count while asOf − windowDays < date ≤ asOf. */
    windowDays: Type.Integer({ minimum: 1, maximum: 3_660 }),
    cutPoints: CutPointsSchema,
    weights: WeightsSchema,
    /** What differs by industry; the longest code that a customer's industry starts with decides. */
    industries: Type.Array(
      Type.Object(
        {
          name: Type.String({ pattern: '^[a-z][a-z-]{0,39}$' }),
          /** GB/T 4754-2017: a section letter, or the letter and 2 to 4 digits. */
          codes: Type.Array(Type.String({ pattern: '^[A-T]([0-9]{2,4})?$' }), { minItems: 1, maxItems: 200 }),
          weights: Type.Optional(WeightsSchema),
          cutPoints: Type.Optional(CutPointsSchema),
        },
        { additionalProperties: false },
      ),
      { maxItems: 100 },
    ),
    /** Scores below middleFrom are the low band, from highFrom on the high band. */
    bands: Type.Object(
      {
        middleFrom: Type.Integer({ minimum: 2, maximum: 5 }),
        highFrom: Type.Integer({ minimum: 2, maximum: 5 }),
      },
      { additionalProperties: false },
    ),
  },
  { additionalProperties: false },
);

export type RfmPolicy = Static<typeof RfmPolicySchema>;
export type RfmCutPoints = Static<typeof CutPointsSchema>;
export type RfmWeights = Static<typeof WeightsSchema>;

/**
 * RFM scores and segments.
 *
 * Industries [ours], by GB/T 4754-2017: e-commerce is 5193 internet wholesale 互联网批发, 5292 internet retail
 * 互联网零售 and 643 internet platforms 互联网平台; manufacturing is all of section C 制造业.
 */
export const RFM: PolicyDefinition<'rfm', RfmPolicy> = {
  name: 'rfm',
  schema: RfmPolicySchema,
  rules: ['R-024', 'R-025'],
  defaultValue: {
    windowDays: 365,
    cutPoints: {
      recencyDays: [30, 90, 180, 365],
      frequency: [12, 6, 3, 2],
      monetaryCny: ['500000.00', '300000.00', '100000.00', '10000.00'],
    },
    weights: { recency: 1, frequency: 1, monetary: 1 },
    industries: [
      {
        name: 'e-commerce',
        codes: ['F5193', 'F5292', 'I643'],
        weights: { recency: 1, frequency: 2, monetary: 1 },
      },
      { name: 'manufacturing', codes: ['C'], weights: { recency: 1, frequency: 1, monetary: 2 } },
    ],
    bands: { middleFrom: 3, highFrom: 4 },
  },
  faults(value) {
    const faults = [
      ...cutPointFaults(value.cutPoints, 'cutPoints'),
      ...weightFaults(value.weights, 'weights'),
    ];
    if (value.bands.highFrom <= value.bands.middleFrom) {
      faults.push({ field: 'bands.highFrom', message: 'must be above bands.middleFrom' });
    }
    const seen = new Set<string>();
    value.industries.forEach((industry, i) => {
      if (industry.cutPoints)
        faults.push(...cutPointFaults(industry.cutPoints, `industries[${i}].cutPoints`));
      if (industry.weights) faults.push(...weightFaults(industry.weights, `industries[${i}].weights`));
      industry.codes.forEach((code, j) => {
        if (seen.has(code)) {
          faults.push({
            field: `industries[${i}].codes[${j}]`,
            message: 'stands twice: keep it in one industry',
          });
        }
        seen.add(code);
      });
    });
    return faults;
  },
};

function cutPointFaults(cutPoints: RfmCutPoints, field: string): PolicyFault[] {
  const faults: PolicyFault[] = [];
  if (!isStrictlyOrdered(cutPoints.recencyDays)) {
    faults.push({ field: `${field}.recencyDays`, message: 'must rise from 5 points to 2' });
  }
  if (!isStrictlyOrdered(cutPoints.frequency, true)) {
    faults.push({ field: `${field}.frequency`, message: 'must fall from 5 points to 2' });
  }
  if (!isStrictlyOrdered(cutPoints.monetaryCny.map(fenOf), true)) {
    faults.push({ field: `${field}.monetaryCny`, message: 'must fall from 5 points to 2' });
  }
  return faults;
}

function weightFaults(weights: RfmWeights, field: string): PolicyFault[] {
  const sum = weights.recency + weights.frequency + weights.monetary;
  return sum > 0 ? [] : [{ field, message: 'at least one weight must be above 0' }];
}

/** the points for days since the last purchase, 5 less the number of cut points missed. */
export function recencyScore(days: number, recencyDays: readonly number[]): number {
  const reached = recencyDays.findIndex((most) => days <= most);
  return reached < 0 ? 1 : 5 - reached;
}
