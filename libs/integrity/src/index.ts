export * from './merkle/leafHash.ts';
export * from './merkle/nodeHash.ts';
