export { observeViews } from './process/observeViews.ts';
export * from './projections.ts';
export * from './projectorModule.ts';
export * from './projectorRuntime.ts';
export { TierQueries } from './queries/tierQueries.ts';
export { Views } from './queries/views.ts';
