export * from './eventually.ts';
export * from './until.ts';
