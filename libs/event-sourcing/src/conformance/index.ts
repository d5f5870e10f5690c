export * from './ledgerConformance.ts';
