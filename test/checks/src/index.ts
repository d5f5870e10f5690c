export * from './client.ts';
export * from './creates.ts';
export * from './expectedViews.ts';
export * from './factsAreTheLog.ts';
export * from './logFaults.ts';
export * from './storedEvent.ts';
export * from './viewDifferences.ts';
