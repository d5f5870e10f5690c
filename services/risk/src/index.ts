export * from './riskModule.ts';
