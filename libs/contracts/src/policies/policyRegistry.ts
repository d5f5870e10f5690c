import type { PolicyDefinition } from './policyDefinition.ts';
import { RECORDING } from './recording.ts';
import { RFM } from './rfm.ts';
import { RISK_MATRIX } from './riskMatrix.ts';
import { SATISFACTION } from './satisfaction.ts';
import { TIERING } from './tiering.ts';

/** Every policy by its name, which stands in the envelope of each event that used it. */
export const POLICIES = {
  tiering: TIERING,
  rfm: RFM,
  'risk-matrix': RISK_MATRIX,
  recording: RECORDING,
  satisfaction: SATISFACTION,
} as const satisfies Readonly<Record<string, PolicyDefinition>>;

export type PolicyName = keyof typeof POLICIES;

/** The type of a policy's value: `PolicyValue<'tiering'>`. */
export type PolicyValue<Name extends PolicyName> = (typeof POLICIES)[Name]['defaultValue'];
