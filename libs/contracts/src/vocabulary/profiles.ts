export const CUSTOMER_KINDS = ['company', 'individual'] as const;
export type CustomerKind = (typeof CUSTOMER_KINDS)[number];

/** where a customer came from. */
export const SOURCE_CHANNELS = [
  'referral',
  'website',
  'exhibition',
  'cold-call',
  'partner',
  'advertising',
  'import',
  'unknown',
] as const;
export type SourceChannel = (typeof SOURCE_CHANNELS)[number];

/** R-020, ascending service: a prospect is served as C but has no tier. */
export const TIERS = ['prospect', 'C', 'B', 'A'] as const;
export type Tier = (typeof TIERS)[number];

/** */
export const SEGMENTS = ['high-value', 'potential', 'low-value', 'churn-risk'] as const;
export type Segment = (typeof SEGMENTS)[number];
