import { Controller, Inject } from '@nestjs/common';
import {
  decodeEvent,
  isUnreadable,
  unreadableEntry,
  type QueryAnswer,
  type QueryMessage,
  type ReadEvents,
  type RecordedEvent,
  type UnreadableEntry,
} from '@rapport/contracts';
import type { EventStore, StoredEvent } from '@rapport/event-store';
import { firstThatFit, MAX_MESSAGE_BYTES, ServesQuery } from '@rapport/messaging';
import { readEvent } from '@rapport/privacy';
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

/**
 * The log as it is stored, each event in the version that it was written in: for auditors. Sealed fields stay sealed. What
 * this release cannot read says so, beside what is stored where that is an event.
 */
@Controller()
export class EventQueries {
  constructor(@Inject(LEDGER_QUERIES) private readonly runtime: LedgerQueriesRuntime) {}

  @ServesQuery('events.list')
  async list({ parameters: { from = 0, limit = 100 } }: QueryMessage<ReadEvents>): Promise<QueryAnswer> {
    const { store, logId, fork, alert } = this.runtime;
    const [stored, head] = await fromStore(alert, () =>
      Promise.all([store.readCounted(from, limit), store.head()]),
    );
    const events = firstThatFit(decoded(stored), MAX_MESSAGE_BYTES - REST_BYTES);
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

function* decoded(stored: readonly StoredEvent[]): Iterable<RecordedEvent | UnreadableEntry> {
  for (const event of stored) {
    const read = readEvent(event);
    if (!isUnreadable(read)) yield decodeEvent(event);
    else yield { ...unreadableEntry(read), ...(read.asStored !== undefined && { asStored: read.asStored }) };
  }
}
