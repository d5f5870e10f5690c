export * from './logIdentity/openLog.ts';
export * from './recording/ledgerService.ts';
export * from './recording/storedEventGate.ts';
