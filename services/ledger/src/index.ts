export * from './logIdentity/openLog.ts';
export * from './recording/ledgerService.ts';
export * from './recording/storedEventGate.ts';
export * from './ledgerModule.ts';
export { type LedgerQueriesRuntime } from './queries/eventQueries.ts';
export * from './relay/factsRelay.ts';
export * from './relay/relayStatus.ts';
