export * from './countingConformance.ts';
export * from './eventStoreConformance.ts';
export * from './fixtures.ts';
export * from './followingConformance.ts';
export * from './harness.ts';
export * from './readingConformance.ts';
