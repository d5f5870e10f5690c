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

/** Where an improvement stands on the board: feedback without a plan, a plan, a plan whose effect was checked. */
export const IMPROVEMENT_BOARD_STATES = ['feedback', ...IMPROVEMENT_STATES, 'checked'] as const;
