import { Controller, Inject } from '@nestjs/common';
import type { RecordedEvent } from '@rapport/contracts';
import {
  anotherLog,
  type RecordedPlaces,
  type RecordMessage,
  type RecordReply,
} from '@rapport/event-sourcing';
import { MAX_MESSAGE_BYTES } from '@rapport/messaging';
import { checkRecordRequest } from './checkRecordRequest.ts';
import { LEDGER_REQUESTS, type LedgerRequestsRuntime } from './ledgerRequestsRuntime.ts';
import { ServesLedger } from './servesLedger.ts';

/** What the reply's other fields take up. */
const RESERVE_BYTES = 1_024;

/** Recording on behalf of services in other processes. Requests run beside each other: the store groups its commits. */
@Controller()
export class RecordRequests {
  constructor(@Inject(LEDGER_REQUESTS) private readonly runtime: LedgerRequestsRuntime) {}

  @ServesLedger('record')
  async record(message: RecordMessage): Promise<RecordReply> {
    checkRecordRequest(message);
    const { logId, ...request } = message;
    if (logId !== undefined && logId !== this.runtime.logId) throw anotherLog();
    const result = await this.runtime.ledger.recordAsStored(request);
    if (result.outcome !== 'recorded' || fits(result.events)) return result;
    const { outcome, repeated, events } = result;
    return { outcome, repeated, places: placesOf(events) };
  }
}

function fits(events: readonly RecordedEvent[]): boolean {
  return Buffer.byteLength(JSON.stringify(events)) <= MAX_MESSAGE_BYTES - RESERVE_BYTES;
}

function placesOf(events: readonly RecordedEvent[]): readonly RecordedPlaces[] {
  const places = new Map<string, RecordedPlaces>();
  for (const { stream, revision } of events) {
    const known = places.get(stream);
    places.set(stream, {
      stream,
      firstRevision: Math.min(known?.firstRevision ?? revision, revision),
      lastRevision: Math.max(known?.lastRevision ?? revision, revision),
    });
  }
  return [...places.values()];
}
