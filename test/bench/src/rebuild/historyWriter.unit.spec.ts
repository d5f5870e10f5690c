import { describe, expect, it } from '@jest/globals';
import { decodeEvent, type Envelope, type JsonValue } from '@rapport/contracts';
import { MemoryEventStore } from '@rapport/event-store';
import type { PlainEvent } from './fieldSealing.ts';
import { writeHistory } from './historyWriter.ts';
import { interleaved } from './interleaved.ts';

const unsealed = {
  seal: async (events: readonly PlainEvent[]) =>
    events.map(({ envelope }) => envelope as Envelope<JsonValue>),
};

describe('writing a generated history', () => {
  it('stores every event in its order, customers taking turns', async () => {
    const store = new MemoryEventStore();
    await writeHistory(store, unsealed, interleaved(1_200), () => undefined);
    const stored = await store.readCounted(0, 2_000);
    const expected = [...interleaved(1_200)];
    expect(stored.map(({ stream, revision }) => [stream, revision])).toEqual(
      expected.map(({ stream, revision }) => [stream, revision]),
    );
    expect(decodeEvent(stored[0]!).data).toEqual(expected[0]!.event.data);
    expect(new Set(expected.slice(0, 7).map(({ customerId }) => customerId)).size).toBe(7);
  });

  it('tells exactly as many events as asked for, also more than the customers first thought of have', () => {
    for (const events of [1, 179, 1_000]) expect([...interleaved(events)]).toHaveLength(events);
  });

  it('refuses a store that holds the history already, where it differs', async () => {
    const store = new MemoryEventStore();
    await writeHistory(store, unsealed, interleaved(10), () => undefined);
    const other = {
      seal: async (events: readonly PlainEvent[]) =>
        (await unsealed.seal(events)).map((envelope) => ({ ...envelope, actor: 'someone else' })),
    };
    await expect(writeHistory(store, other, interleaved(10), () => undefined)).rejects.toThrow(
      'already holds',
    );
  });
});
