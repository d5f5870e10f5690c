export * from './eventually.ts';
export * from './heapGrowth.ts';
export * from './testCaches.ts';
export * from './until.ts';
export * from './unwatched.ts';
export * from './virtualTime.ts';
export * from './watched.ts';
