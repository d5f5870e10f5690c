import { Module, type DynamicModule } from '@nestjs/common';
import { EventQueries, LEDGER_QUERIES, type LedgerQueriesRuntime } from './queries/eventQueries.ts';

/** The ledger's message handlers. Recording is called through the Ledger port. */
@Module({})
export class LedgerModule {
  static with(runtime: LedgerQueriesRuntime): DynamicModule {
    return {
      module: LedgerModule,
      controllers: [EventQueries],
      providers: [{ provide: LEDGER_QUERIES, useValue: runtime }],
    };
  }
}
