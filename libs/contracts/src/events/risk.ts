import Type from 'typebox';
import { defineEvent } from '../schema/eventDefinition.ts';
import { freeText } from '../schema/fieldClass.ts';
import { Id, InstantText, Line } from '../schema/types.ts';
import { REASSESSMENTS, RISK_FACTORS, RISK_KINDS, RISK_LEVELS } from '../vocabulary/risk.ts';

/** */
export const RiskIdentified = defineEvent('crm.risk.RiskIdentified', 1, 'risk', {
  customerId: Id(),
  riskId: Id(),
  kind: Type.Enum([...RISK_KINDS]),
  source: freeText(Line(200)),
  evidence: freeText(Line(10_000)),
  identifiedAt: InstantText(),
});

/** */
export const RiskAssessed = defineEvent('crm.risk.RiskAssessed', 1, 'risk', {
  customerId: Id(),
  riskId: Id(),
  likelihood: Type.Integer({ minimum: 1, maximum: 5 }),
  impact: Type.Integer({ minimum: 1, maximum: 5 }),
  score: Type.Integer({ minimum: 1, maximum: 25 }),
  level: Type.Enum([...RISK_LEVELS]),
  reassess: Type.Enum([...REASSESSMENTS]),
  needsControl: Type.Boolean(),
  acceptanceNeedsManager: Type.Boolean(),
  factors: Type.Array(Type.Enum([...RISK_FACTORS]), { maxItems: 4 }),
  note: Type.Optional(freeText(Line(10_000))),
});
