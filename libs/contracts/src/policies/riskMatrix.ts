import Type, { type Static } from 'typebox';
import { REASSESSMENTS, RISK_LEVELS } from '../vocabulary/risk.ts';
import type { PolicyDefinition, PolicyFault } from './policyDefinition.ts';
import { isStrictlyOrdered } from './strictOrder.ts';

const RiskMatrixPolicySchema = Type.Object(
  {
    /** Likelihood and impact go from 1 to this. */
    scale: Type.Integer({ minimum: 2, maximum: 5 }),
    /** Ascending; a level goes up to the next one's first score. */
    levels: Type.Array(
      Type.Object(
        {
          level: Type.Enum([...RISK_LEVELS]),
          fromScore: Type.Integer({ minimum: 1, maximum: 25 }),
          reassess: Type.Enum([...REASSESSMENTS]),
          /** prepayment, credit limit, deposit, legal review or an executive sponsor. */
          needsControl: Type.Boolean(),
          /** accepting the risk needs a manager. */
          acceptNeedsManager: Type.Boolean(),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: RISK_LEVELS.length },
    ),
  },
  { additionalProperties: false },
);

export type RiskMatrixPolicy = Static<typeof RiskMatrixPolicySchema>;

/** the level of a risk by likelihood × impact, and what it obliges to. */
export const RISK_MATRIX: PolicyDefinition<'risk-matrix', RiskMatrixPolicy> = {
  name: 'risk-matrix',
  schema: RiskMatrixPolicySchema,
  rules: ['R-081', 'R-082'],
  defaultValue: {
    scale: 5,
    levels: [
      { level: 'low', fromScore: 1, reassess: 'quarterly', needsControl: false, acceptNeedsManager: false },
      {
        level: 'medium',
        fromScore: 5,
        reassess: 'quarterly',
        needsControl: false,
        acceptNeedsManager: false,
      },
      { level: 'high', fromScore: 10, reassess: 'monthly', needsControl: true, acceptNeedsManager: true },
      { level: 'critical', fromScore: 15, reassess: 'monthly', needsControl: true, acceptNeedsManager: true },
    ],
  },
  faults(value) {
    const faults: PolicyFault[] = [];
    if (value.levels[0]?.fromScore !== 1) {
      faults.push({ field: 'levels[0].fromScore', message: 'must be 1, so that every score has a level' });
    }
    if (!isStrictlyOrdered(value.levels.map((level) => level.fromScore))) {
      faults.push({ field: 'levels', message: 'must rise by fromScore' });
    }
    if (!isStrictlyOrdered(value.levels.map((level) => RISK_LEVELS.indexOf(level.level)))) {
      faults.push({ field: 'levels', message: 'must name each level once, from low to critical' });
    }
    return faults;
  },
};
