import type { EventStore } from '@rapport/event-store';
import type { CacheBudget, Timers } from '@rapport/platform';
import type { LogFork } from '../logIdentity/logLineage.ts';
import type { LedgerService } from '../recording/ledgerService.ts';
import type { Alert } from '../storeFailure/storeProblem.ts';

/** What the ledger needs to serve other processes. */
export interface LedgerRequestsRuntime {
  readonly ledger: Pick<LedgerService, 'recordAsStored'>;
  readonly store: Pick<EventStore, 'readStream' | 'readAll' | 'readCounted' | 'follow' | 'head'>;
  readonly logId: string;
  readonly fork?: LogFork;
  readonly timers: Timers;
  /** What the caches of the process may hold. */
  readonly caches: CacheBudget;
  /** Tells the operator. */
  readonly alert: Alert;
}

export const LEDGER_REQUESTS = Symbol('LEDGER_REQUESTS');
