import { decodeEvent, rememberDecoded, type RecordedEvent } from '@rapport/contracts';
import type { StoredEvent } from '@rapport/event-store';
import type { RequestClient } from '@rapport/messaging';
import type { Ledger, LogHead, RecordRequest, RecordResult } from './ledger.ts';
import { LedgerCalls } from './ledgerCalls.ts';
import {
  LEDGER_SUBJECTS,
  type ReadLastMessage,
  type ReadLastReply,
  type RecordedPlaces,
  type RecordMessage,
  type RecordReply,
} from './ledgerMessages.ts';
import { RemoteLog, type RemoteLogOptions } from './remoteLog.ts';
import { fromMessage } from './storedEventMessage.ts';
import { streamEvents } from './streamEvents.ts';

/**
 * The ledger in another process. An answer that does not come is asked for again under the same command id: had it
 * been recorded, the ledger finds it and answers `repeated`.
 */
export class RemoteLedger implements Ledger {
  /** The log as it is stored: for projections. */
  readonly log: RemoteLog;
  private readonly calls: LedgerCalls;

  constructor(requests: RequestClient, options: RemoteLogOptions = {}) {
    this.log = new RemoteLog(requests, options);
    this.calls = new LedgerCalls(requests, options);
  }

  async record(request: RecordRequest): Promise<RecordResult> {
    const { logId } = this.log;
    const message: RecordMessage = { ...request, ...(logId !== undefined && { logId }) };
    const { correlationId } = request;
    const reply = await this.calls.call<RecordReply>(LEDGER_SUBJECTS.record, message, { correlationId });
    if (!('places' in reply)) return reply;
    const { outcome, repeated, places } = reply;
    return { outcome, repeated, events: await this.eventsAt(places, request.commandId) };
  }

  readStream(stream: string, fromRevision: number, limit?: number): Promise<readonly RecordedEvent[]> {
    return streamEvents(this.log, stream, fromRevision, limit);
  }

  async readLast(stream: string): Promise<RecordedEvent | undefined> {
    const message: ReadLastMessage = { stream };
    const { event } = await this.calls.call<ReadLastReply>(LEDGER_SUBJECTS.readLast, message);
    return event === undefined ? undefined : decodeEvent(fromMessage(event));
  }

  async *follow(
    after: number,
    signal: AbortSignal,
    categories?: readonly string[],
  ): AsyncIterable<readonly RecordedEvent[]> {
    const batches =
      categories === undefined
        ? this.log.follow({ after, signal })
        : this.log.followCategories({ after, signal, categories });
    for await (const batch of batches) yield batch.map(decodeOnce);
  }

  head(): Promise<LogHead> {
    return this.log.head();
  }

  /** Everyone who follows ends; nothing is asked again. */
  close(): void {
    this.log.close();
    this.calls.close();
  }

  private async eventsAt(places: readonly RecordedPlaces[], commandId: string): Promise<RecordedEvent[]> {
    const streams = await Promise.all(
      places.map(async ({ stream, firstRevision, lastRevision }) =>
        (await this.readStream(stream, firstRevision)).filter(({ revision }) => revision <= lastRevision),
      ),
    );
    return streams
      .flat()
      .filter((event) => event.commandId === commandId)
      .sort((a, b) => a.position - b.position);
  }
}

/** Decoded for the first who follows, and kept with its bytes for the others. */
function decodeOnce(stored: StoredEvent): RecordedEvent {
  const event = decodeEvent(stored);
  rememberDecoded(stored.data, event);
  return event;
}
