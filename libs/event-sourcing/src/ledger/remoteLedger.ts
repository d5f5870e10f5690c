import type { CurrentEvent, ReadEvent } from '@rapport/contracts';
import type { RequestClient } from '@rapport/messaging';
import { readEvent, readEventOnce, readRecorded } from '@rapport/privacy';
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
import { allReadable } from './unreadableStream.ts';

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
    if (reply.outcome !== 'recorded') return reply;
    const { outcome, repeated } = reply;
    const events =
      'places' in reply
        ? await this.eventsAt(reply.places)
        : allReadable(reply.events.map((event) => readRecorded(event)));
    if (!repeated) return { outcome, repeated, events };
    return { outcome, repeated, events: events.filter(({ commandId }) => commandId === request.commandId) };
  }

  async readStream(stream: string, fromRevision: number, limit?: number): Promise<readonly CurrentEvent[]> {
    return allReadable((await streamEvents(this.log, stream, fromRevision, limit)).map(readEvent));
  }

  async readLast(stream: string): Promise<CurrentEvent | undefined> {
    const message: ReadLastMessage = { stream };
    const { event } = await this.calls.call<ReadLastReply>(LEDGER_SUBJECTS.readLast, message);
    return event === undefined ? undefined : allReadable([readEvent(fromMessage(event))])[0];
  }

  async *follow(
    after: number,
    signal: AbortSignal,
    categories?: readonly string[],
    looked?: (position: number) => void,
  ): AsyncIterable<readonly ReadEvent[]> {
    const batches =
      categories === undefined
        ? this.log.follow({ after, signal })
        : this.log.followCategories({ after, signal, categories, looked });
    for await (const batch of batches) yield batch.map(readEventOnce);
  }

  head(): Promise<LogHead> {
    return this.log.head();
  }

  /** Everyone who follows ends; nothing is asked again. */
  close(): void {
    this.log.close();
    this.calls.close();
  }

  private async eventsAt(places: readonly RecordedPlaces[]): Promise<CurrentEvent[]> {
    const streams = await Promise.all(
      places.map(async ({ stream, firstRevision, lastRevision }) =>
        (await this.readStream(stream, firstRevision)).filter(({ revision }) => revision <= lastRevision),
      ),
    );
    return streams.flat().sort((a, b) => a.position - b.position);
  }
}
