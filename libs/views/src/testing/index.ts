export * from '../counts/counters.ts';
export { DocumentCache } from '../runner/documentCache.ts';
export * from './arrayLog.ts';
export * from './faultyStore.ts';
export * from './readAsIs.ts';
export * from './tierProjection.ts';
export { settled, VirtualTime } from '@rapport/platform/testing';
