export * from './customer/unifiedSocialCreditCode.ts';
export * from './deadlines/deadlineSweeper.ts';
export * from './deadlines/dueDeadlines.ts';
export * from './profilesModule.ts';
export * from './reactions/standingReaction.ts';
export * from './standingReview/amountOpener.ts';
export * from './standingReview/standingReviews.ts';
