export * from './eventually.ts';
export * from './heapGrowth.ts';
export * from './testCaches.ts';
export * from './until.ts';
