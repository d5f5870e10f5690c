import Type, { type Static } from 'typebox';
import { CnyText, fenOf } from './amountText.ts';
import type { PolicyDefinition, PolicyFault } from './policyDefinition.ts';

const TieringPolicySchema = Type.Object(
  {
    /** How spend band and tenure band make one tier. */
    mode: Type.Enum(['spend-led', 'strict', 'any']),
    /** Least net spend in the window for the band, CNY. */
    spendCny: Type.Object({ a: CnyText(), b: CnyText() }, { additionalProperties: false }),
    /** Least full years together for the band. */
    tenureYears: Type.Object(
      { a: Type.Integer({ minimum: 0, maximum: 100 }), b: Type.Integer({ minimum: 0, maximum: 100 }) },
      { additionalProperties: false },
    ),
    /** Spend counts while asOf − windowDays < date ≤ asOf. */
    windowDays: Type.Integer({ minimum: 1, maximum: 3_660 }),
    /** What a downgrade waits for: a full period of this kind below on every day. */
    downgradeWait: Type.Enum(['calendar-quarter']),
  },
  { additionalProperties: false },
);

export type TieringPolicy = Static<typeof TieringPolicySchema>;
export type TieringMode = TieringPolicy['mode'];

/** which tier a customer has, and how a downgrade waits. */
export const TIERING: PolicyDefinition<'tiering', TieringPolicy> = {
  name: 'tiering',
  schema: TieringPolicySchema,
  rules: ['R-020', 'R-026'],
  defaultValue: {
    mode: 'spend-led',
    spendCny: { a: '500000.00', b: '100000.00' },
    tenureYears: { a: 2, b: 1 },
    windowDays: 365,
    downgradeWait: 'calendar-quarter',
  },
  faults(value) {
    const faults: PolicyFault[] = [];
    if (fenOf(value.spendCny.a) <= fenOf(value.spendCny.b)) {
      faults.push({ field: 'spendCny.a', message: 'must be above spendCny.b' });
    }
    if (value.tenureYears.a < value.tenureYears.b) {
      faults.push({ field: 'tenureYears.a', message: 'must not be below tenureYears.b' });
    }
    return faults;
  },
};
