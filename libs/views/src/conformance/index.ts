export * from './harness.ts';
export * from './viewStoreConformance.ts';
