import { describe, expect, it } from '@jest/globals';
import type { RecordMessage, RecordRequest } from '@rapport/event-sourcing';
import { MemoryEventStore } from '@rapport/event-store';
import { systemTimers } from '@rapport/platform';
import { testCaches } from '@rapport/platform/testing';
import type { LedgerRequestsRuntime } from './ledgerRequestsRuntime.ts';
import { ReadRequests } from './readRequests.ts';
import { RecordRequests } from './recordRequests.ts';

const FORMER = '0190c0de-0000-7000-8000-000000000001';
const RESTORED = '0190c0de-0000-7000-8000-000000000002';
const REQUEST: RecordRequest = {
  commandId: '0190c0de-0000-7000-8000-0000000000aa',
  requestHmac: '',
  actorAssertion: '',
  via: 'tickets',
  correlationId: 'c',
  causationId: 'c',
  origin: 'live',
  writes: [{ stream: 'ticket-1', expectedRevision: -1, events: [] }],
};

describe('a ledger whose log was restored', () => {
  const recorded: RecordRequest[] = [];
  const runtime: LedgerRequestsRuntime = {
    ledger: {
      recordAsStored: async (request) => {
        recorded.push(request);
        return { outcome: 'recorded', repeated: false, events: [] };
      },
    },
    store: new MemoryEventStore(),
    logId: RESTORED,
    fork: { formerLogId: FORMER, forkIndex: 7 },
    timers: systemTimers,
    caches: testCaches(),
    alert: () => undefined,
  };

  it('records for services that know it, and for none that knows the former one', async () => {
    const requests = new RecordRequests(runtime);
    const message: RecordMessage = { ...REQUEST, logId: FORMER };
    await expect(requests.record(message)).rejects.toMatchObject({
      kind: 'unavailable',
      details: { detail: expect.stringContaining('started again') },
    });
    expect(recorded).toEqual([]);
    await requests.record({ ...REQUEST, logId: RESTORED });
    expect(recorded).toEqual([REQUEST]);
  });

  it('says with its head where it forked', async () => {
    const requests = new ReadRequests(runtime);
    expect(await requests.head()).toEqual({
      logId: RESTORED,
      formerLogId: FORMER,
      forkIndex: 7,
      position: -1,
      index: -1,
    });
    requests.onModuleDestroy();
  });
});
