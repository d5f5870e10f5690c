import { Controller, Inject } from '@nestjs/common';
import { decodeEvent, type QueryAnswer, type QueryMessage, type ReadEvents } from '@rapport/contracts';
import type { EventStore } from '@rapport/event-store';
import { ServesQuery } from '@rapport/messaging';
import type { LogFork } from '../logIdentity/logLineage.ts';
import { fromStore, type Alert } from '../storeFailure/storeProblem.ts';

/** What the ledger's queries need. */
export interface LedgerQueriesRuntime {
  readonly store: Pick<EventStore, 'readCounted' | 'head'>;
  readonly logId: string;
  /** Which log it was, and up to which index, before it was restored from a backup. */
  readonly fork?: LogFork;
  /** Tells the operator. */
  readonly alert: Alert;
}

export const LEDGER_QUERIES = Symbol('LEDGER_QUERIES');

/** The log as it is stored: for auditors. Sealed fields stay sealed. */
@Controller()
export class EventQueries {
  constructor(@Inject(LEDGER_QUERIES) private readonly runtime: LedgerQueriesRuntime) {}

  @ServesQuery('events.list')
  async list({ parameters: { from = 0, limit = 100 } }: QueryMessage<ReadEvents>): Promise<QueryAnswer> {
    const { store, logId, fork, alert } = this.runtime;
    const [events, head] = await fromStore(alert, () =>
      Promise.all([store.readCounted(from, limit), store.head()]),
    );
    const next = events.at(-1)?.index;
    return {
      body: {
        logId,
        ...fork,
        head: head.index,
        events: events.map(decodeEvent),
        ...(next != null && next < head.index && { next: next + 1 }),
      },
      stale: false,
    };
  }
}
