export * from './ledgerConformance.ts';
export * from './wrong/wrongLedgers.ts';
