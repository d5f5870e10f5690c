export * from './factsEqualLog.ts';
export * from './writtenLog.ts';
