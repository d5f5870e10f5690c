import Type, { type Static } from 'typebox';
import { SATISFACTION_DIMENSIONS } from '../vocabulary/satisfaction.ts';
import type { PolicyDefinition, PolicyFault } from './policyDefinition.ts';

const score = () => Type.Integer({ minimum: 0, maximum: 100 });
const SatisfactionPolicySchema = Type.Object(
  {
    /** what is asked, in the order of the questionnaire. */
    dimensions: Type.Array(
      Type.Object(
        {
          name: Type.Enum([...SATISFACTION_DIMENSIONS]),
          labels: Type.Object(
            {
              en: Type.String({ minLength: 1, maxLength: 80 }),
              zh: Type.String({ minLength: 1, maxLength: 80 }),
            },
            { additionalProperties: false },
          ),
        },
        { additionalProperties: false },
      ),
      { minItems: 1, maxItems: SATISFACTION_DIMENSIONS.length },
    ),
    /** bounds of a score, both inclusive. */
    scale: Type.Object({ min: score(), max: score() }, { additionalProperties: false }),
    /** bounds of the recommendation, both inclusive; who promotes and who detracts, for the NPS. */
    nps: Type.Object(
      { min: score(), max: score(), detractorTo: score(), promoterFrom: score() },
      { additionalProperties: false },
    ),
    /** a score at or below `atMost`, or a mean that falls by `fallOf` or more, warns early. */
    low: Type.Object({ atMost: score(), fallOf: score() }, { additionalProperties: false }),
  },
  { additionalProperties: false },
);

export type SatisfactionPolicy = Static<typeof SatisfactionPolicySchema>;

/** what is asked, on which scale, and what counts as low. */
export const SATISFACTION: PolicyDefinition<'satisfaction', SatisfactionPolicy> = {
  name: 'satisfaction',
  schema: SatisfactionPolicySchema,
  rules: ['R-083', 'R-090', 'R-094'],
  defaultValue: {
    dimensions: [
      { name: 'productQuality', labels: { en: 'product quality', zh: '产品质量' } },
      { name: 'responseSpeed', labels: { en: 'response speed', zh: '响应速度' } },
      { name: 'afterSalesSupport', labels: { en: 'after-sales support', zh: '售后支持' } },
      { name: 'personalisedExperience', labels: { en: 'personalised experience', zh: '个性化体验' } },
    ],
    scale: { min: 1, max: 5 },
    nps: { min: 0, max: 10, detractorTo: 6, promoterFrom: 9 },
    low: { atMost: 2, fallOf: 1 },
  },
  faults(value) {
    const faults: PolicyFault[] = [];
    if (new Set(value.dimensions.map((dimension) => dimension.name)).size < value.dimensions.length) {
      faults.push({ field: 'dimensions', message: 'must name each dimension once' });
    }
    if (value.scale.min >= value.scale.max)
      faults.push({ field: 'scale.max', message: 'must be above scale.min' });
    const { min, max, detractorTo, promoterFrom } = value.nps;
    if (!(min <= detractorTo && detractorTo < promoterFrom && promoterFrom <= max)) {
      faults.push({ field: 'nps', message: 'must have min ≤ detractorTo < promoterFrom ≤ max' });
    }
    if (value.low.atMost < value.scale.min || value.low.atMost >= value.scale.max) {
      faults.push({ field: 'low.atMost', message: 'must lie in the scale, below its maximum' });
    }
    return faults;
  },
};
