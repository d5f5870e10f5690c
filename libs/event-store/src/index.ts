export * from './appending/appendRequest.ts';
export * from './eventStore.ts';
export * from './memory/memoryEventStore.ts';
export * from './reading/readRange.ts';
