export * from './factsEqualLog.ts';
export * from './until.ts';
export * from './writtenLog.ts';
