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
