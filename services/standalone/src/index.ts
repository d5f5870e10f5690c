export * from './composition/httpGateway.ts';
export * from './composition/metrics.ts';
export * from './composition/serverFile.ts';
export * from './composition/standalone.ts';
export * from './summary/printSummary.ts';
export type { Summary } from './summary/summary.ts';
