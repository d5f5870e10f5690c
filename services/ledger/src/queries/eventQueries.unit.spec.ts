import { beforeEach, describe, expect, it } from '@jest/globals';
import type { QueryMessage, ReadEvents } from '@rapport/contracts';
import { MemoryEventStore, StoreError, type StoreFailure } from '@rapport/event-store';
import { MAX_MESSAGE_BYTES } from '@rapport/messaging';
import { WrittenLog } from '../relay/testing/index.ts';
import { EventQueries } from './eventQueries.ts';

describe('reading the log while its store fails', () => {
  let alerts: string[];
  beforeEach(() => {
    alerts = [];
  });

  function list(failure: StoreFailure) {
    const fails = async (): Promise<never> => {
      throw new StoreError(failure, 'events.sqlite');
    };
    const queries = new EventQueries({
      store: { readCounted: fails, head: fails },
      logId: 'log',
      alert: (alert) => alerts.push(alert),
    });
    return queries.list({ parameters: {} } as QueryMessage<ReadEvents>);
  }

  it.each(['unavailable', 'closed'] as const)(
    'that is %s is answered so, with when to try again',
    async (failure) => {
      await expect(list(failure)).rejects.toMatchObject({ kind: 'unavailable', details: { retryAfter: 2 } });
      expect(alerts).toEqual([]);
    },
  );

  it('that is damaged is told to the operator, and nobody is asked to try again', async () => {
    const failure = await list('damaged').catch((thrown: unknown) => thrown);
    expect(failure).toMatchObject({
      kind: 'unavailable',
      details: { detail: expect.stringMatching(/backup/) },
    });
    expect(failure).not.toHaveProperty('details.retryAfter');
    expect(alerts).toEqual(['event store damaged']);
  });
});

describe('reading a log with events that this release cannot read', () => {
  it('shows each in the version that it was written in, and of what is no envelope its place alone', async () => {
    const log = new WrittenLog(new MemoryEventStore());
    await log.growTo(3);
    const [first] = await log.store.readCounted(1, 1);
    const envelope = JSON.parse(Buffer.from(first!.data).toString()) as object;
    const later = { ...envelope, stream: 'ticket-foreign', version: 99 };
    const foreign = (stream: string, id: string, text: string) =>
      log.store.append([
        {
          stream,
          expectedRevision: -1,
          events: [{ id, type: 'crm.tickets.TicketOpened', data: Buffer.from(text) }],
        },
      ]);
    const [one, two] = ['0193b1e0-0000-7000-8000-0000000000a1', '0193b1e0-0000-7000-8000-0000000000a2'];
    await foreign('ticket-foreign', one!, JSON.stringify(later));
    await foreign('ticket-broken', two!, '王小明 {');
    await log.growTo(4);
    const queries = new EventQueries({ store: log.store, logId: 'log', alert: () => undefined });
    const { body } = await queries.list({ parameters: { from: 2, limit: 10 } } as QueryMessage<ReadEvents>);
    const { events } = body as { events: Record<string, unknown>[] };
    expect(events.map(({ index }) => index)).toEqual([2, 3, 4, 5]);
    expect(events[1]).toMatchObject({
      id: one,
      type: 'unreadable',
      reason: 'unknown-version',
      asStored: { version: 99, data: { n: 1 } },
    });
    expect(events[2]).toEqual({
      type: 'unreadable',
      eventType: 'crm.tickets.TicketOpened',
      reason: 'no-envelope',
      id: two,
      position: expect.any(Number),
      index: 4,
      stream: 'ticket-broken',
      revision: 0,
    });
  });
});

describe('reading a long log', () => {
  it('cuts a page at what one message carries, and says where to go on', async () => {
    const log = new WrittenLog(new MemoryEventStore());
    await log.growTo(1_500);
    const queries = new EventQueries({ store: log.store, logId: 'log', alert: () => undefined });
    const read: unknown[] = [];
    for (let from: number | undefined = 0; from !== undefined;) {
      const { body } = await queries.list({ parameters: { from, limit: 1_000 } } as QueryMessage<ReadEvents>);
      expect(Buffer.byteLength(JSON.stringify({ body }))).toBeLessThan(MAX_MESSAGE_BYTES);
      const page = body as { events: { index: number }[]; next?: number };
      read.push(...page.events.map(({ index }) => index));
      from = page.next;
    }
    expect(read).toEqual(Array.from({ length: 1_500 }, (_, n) => n));
  });
});
