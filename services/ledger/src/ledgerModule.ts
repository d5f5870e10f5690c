import { Module, type DynamicModule } from '@nestjs/common';
import { EventQueries, LEDGER_QUERIES, type LedgerQueriesRuntime } from './queries/eventQueries.ts';
import { LEDGER_REQUESTS, type LedgerRequestsRuntime } from './requests/ledgerRequestsRuntime.ts';
import { ReadRequests } from './requests/readRequests.ts';
import { RecordRequests } from './requests/recordRequests.ts';

/** The ledger's message handlers. Within its process, recording is called through the Ledger port. */
@Module({})
export class LedgerModule {
  static with(runtime: LedgerQueriesRuntime): DynamicModule {
    return {
      module: LedgerModule,
      controllers: [EventQueries],
      providers: [{ provide: LEDGER_QUERIES, useValue: runtime }],
    };
  }

  /** The same, serving also the Ledger port of services in other processes. */
  static serving(runtime: LedgerRequestsRuntime): DynamicModule {
    return {
      module: LedgerModule,
      controllers: [EventQueries, RecordRequests, ReadRequests],
      providers: [
        { provide: LEDGER_QUERIES, useValue: runtime },
        { provide: LEDGER_REQUESTS, useValue: runtime },
      ],
    };
  }
}
