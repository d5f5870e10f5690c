import Type from 'typebox';
import { REASSESSMENTS, RISK_FACTORS, RISK_KINDS, RISK_LEVELS } from '../vocabulary/risk.ts';
import { GuardedText } from './guarded.ts';
import { Id, Instant, ListOfShape, Nullable, PolicyVersion, Revision, shape, Words } from './shapes.ts';

const Degree = () => Type.Integer({ minimum: 1, maximum: 5 });

/** */
export const Risk = shape('Risk', {
  id: Id(),
  customerId: Id(),
  kind: Words(RISK_KINDS),
  source: GuardedText(),
  evidence: GuardedText(),
  identifiedAt: Instant(),
  level: Nullable(Words(RISK_LEVELS)),
  score: Type.Integer({ minimum: 0, maximum: 25, description: '0 until it is assessed' }),
  likelihood: Type.Optional(Degree()),
  impact: Type.Optional(Degree()),
  reassess: Type.Optional(Words(REASSESSMENTS)),
  needsControl: Type.Optional(Type.Boolean()),
  acceptanceNeedsManager: Type.Optional(Type.Boolean()),
  factors: Type.Optional(Type.Array(Words(RISK_FACTORS))),
  note: Type.Optional(GuardedText()),
  assessedAt: Type.Optional(Instant()),
  policyVersion: Type.Optional(PolicyVersion()),
  revision: Revision(),
});

export const RiskList = ListOfShape('RiskList', Risk);
