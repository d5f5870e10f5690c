/** */
export const SATISFACTION_DIMENSIONS = [
  'productQuality',
  'responseSpeed',
  'afterSalesSupport',
  'personalisedExperience',
] as const;
export type SatisfactionDimension = (typeof SATISFACTION_DIMENSIONS)[number];

/** a wave asks about the relationship, an after-service questionnaire about one service. */
export const SURVEY_KINDS = ['relationship', 'after-service', 'forum'] as const;

export const IMPROVEMENT_STATES = ['draft', 'planned'] as const;
