/** */
export const RISK_KINDS = [
  'credit',
  'market',
  'legal',
  'cooperation-stop',
  'late-payment',
  'competitor-entry',
  'churn',
] as const;
export type RiskKind = (typeof RISK_KINDS)[number];

/** */
export const RISK_LEVELS = ['low', 'medium', 'high', 'critical'] as const;
export type RiskLevel = (typeof RISK_LEVELS)[number];

/** */
export const RISK_FACTORS = ['finances', 'operations', 'credit-record', 'market'] as const;

export const REASSESSMENTS = ['monthly', 'quarterly'] as const;
