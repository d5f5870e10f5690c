export * from './appending/appendRequest.ts';
export * from './embedded/embeddedEventStore.ts';
export * from './eventStore.ts';
export * from './following/followLog.ts';
export * from './following/sharedTail.ts';
export type { KurrentEventStoreOptions } from './kurrentdb/kurrentEventStore.ts';
export * from './kurrentdb/openKurrentEventStore.ts';
export * from './memory/memoryEventStore.ts';
export * from './reading/readRange.ts';
