/** The deadlines at which time alone changes a customer's tier or segment; one of them is pending at a time. */
export const STANDING_REVIEWS = {
  next: 'standing-review',
  /** In its place where something known lies ahead of the clock: judged then, and not known before. */
  ahead: 'standing-review-ahead',
  /** As `StandingReviewScheduled` recorded it, before there was one engine for all deadlines. */
  former: 'standing-review-scheduled',
} as const;

/** The deadline at which time alone changes what a customer's purchases come to. */
export const FIGURES_REVIEW = 'standing-figures';
