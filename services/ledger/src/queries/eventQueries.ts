import { Controller, Inject } from '@nestjs/common';
import {
  decodeEvent,
  type QueryAnswer,
  type QueryMessage,
  type ReadEvents,
  type RecordedEvent,
} from '@rapport/contracts';
import type { EventStore, StoredEvent } from '@rapport/event-store';
import { MAX_MESSAGE_BYTES, ServesQuery } from '@rapport/messaging';
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

/** What the other fields of an answer take up at most. */
const REST_BYTES = 1024;

/** The log as it is stored: for auditors. Sealed fields stay sealed. */
@Controller()
export class EventQueries {
  constructor(@Inject(LEDGER_QUERIES) private readonly runtime: LedgerQueriesRuntime) {}

  @ServesQuery('events.list')
  async list({ parameters: { from = 0, limit = 100 } }: QueryMessage<ReadEvents>): Promise<QueryAnswer> {
    const { store, logId, fork, alert } = this.runtime;
    const [stored, head] = await fromStore(alert, () =>
      Promise.all([store.readCounted(from, limit), store.head()]),
    );
    const events = firstThatFit(stored);
    const next = events.at(-1)?.index;
    return {
      body: {
        logId,
        ...fork,
        head: head.index,
        events,
        ...(next != null && next < head.index && { next: next + 1 }),
      },
      stale: false,
    };
  }
}

/** As many of the first as one message carries, never fewer than one where there is one: `next` says where to go on. */
function firstThatFit(stored: readonly StoredEvent[]): readonly RecordedEvent[] {
  const page: RecordedEvent[] = [];
  let bytes = REST_BYTES;
  for (const one of stored) {
    const event = decodeEvent(one);
    bytes += Buffer.byteLength(JSON.stringify(event)) + 1;
    if (bytes > MAX_MESSAGE_BYTES && page.length > 0) break;
    page.push(event);
  }
  return page;
}
