export * from './projection.ts';
export * from './viewStore.ts';
