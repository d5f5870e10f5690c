export * from './logIdentity/openLog.ts';
export * from './recording/ledgerService.ts';
export * from './recording/mayRecord.ts';
export * from './recording/storedEventGate.ts';
export * from './ledgerModule.ts';
export { type LedgerQueriesRuntime } from './queries/eventQueries.ts';
export * from './process/openEvents.ts';
export { type LedgerRequestsRuntime } from './requests/ledgerRequestsRuntime.ts';
