export * from './customer/unifiedSocialCreditCode.ts';
export * from './profilesModule.ts';
export * from './reactions/standingReaction.ts';
export * from './standingReview/amountOpener.ts';
export * from './standingReview/standingReviews.ts';
