export * from './embedded/embeddedViewStore.ts';
export * from './memory/memoryViewStore.ts';
export * from './projection.ts';
export * from './query/matches.ts';
export * from './viewStore.ts';
export * from './viewStoreError.ts';
