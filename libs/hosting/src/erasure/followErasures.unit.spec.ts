import { describe, expect, it } from '@jest/globals';
import { event, profileEvents, type ReadEvent, type UnreadableEvent } from '@rapport/contracts';
import { asRecorded, type Ledger } from '@rapport/event-sourcing';
import { systemMonotonicClock, systemRandom, systemTimers } from '@rapport/platform';
import { unwatched } from '@rapport/platform/testing';
import { CachedKeyStore, MemoryKeyStore } from '@rapport/privacy';
import { testCaches } from '@rapport/platform/testing';
import { ErasureFront } from './erasureFront.ts';
import { followErasures } from './followErasures.ts';

const personId = '0f5a7f6e-0000-5000-8000-000000000001';
const owner = { kind: 'customer', id: personId } as const;
const erasure = asRecorded(
  event(profileEvents.PersonErased, { personId, customerId: personId, isCustomer: true }),
  0,
);

/** A log that has these events, and then nothing until whoever follows stops. */
function logOf(...events: readonly ReadEvent[]) {
  const asked: unknown[] = [];
  const ledger: Partial<Ledger> = {
    async *follow(after, signal, categories) {
      asked.push([after, categories]);
      yield events;
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    },
  };
  return { ledger: ledger as Ledger, asked };
}

describe('R-100 a process that follows erasures', () => {
  it('R-100 carries out those after an event that it cannot read, and tells of that once where it may be one', async () => {
    const place = { id: 'e', index: 1, revision: 0, type: 'crm.x.Later', version: 1 };
    const unreadable = (position: number, stream: string): UnreadableEvent => ({
      ...place,
      unreadable: 'unknown-type',
      position,
      stream,
    });
    const keys = new MemoryKeyStore(systemRandom);
    await keys.create(owner, 'main');
    const { ledger } = logOf(unreadable(0, 'ticket-1'), unreadable(1, 'person-2'), {
      ...erasure,
      position: 2,
    });
    const front = new ErasureFront(keys, -1);
    const alerts: [string, object][] = [];
    const alert = (text: string, facts: object) => void alerts.push([text, facts]);
    const eraser = followErasures(ledger, front, { timers: systemTimers, alert, followers: unwatched() });
    eraser.startAfter({ position: -1, index: -1 });
    await front.passed(2);
    expect((await keys.keyFor(owner, 'main')).status).toBe('destroyed');
    await eraser.stop();
    expect(alerts).toEqual([
      [
        'event cannot be read',
        expect.objectContaining({ service: 'erasure', stream: 'person-2', position: 1 }),
      ],
    ]);
  });

  it('R-100 drops keys that another process destroyed, by the streams of persons alone', async () => {
    const store = new MemoryKeyStore(systemRandom);
    const keys = new CachedKeyStore(store, systemMonotonicClock, testCaches());
    await keys.create(owner, 'main');
    await store.destroy(owner, 'main');
    expect((await keys.keyFor(owner, 'main')).status).toBe('key');
    const { ledger, asked } = logOf(erasure);
    const front = new ErasureFront(keys, -1);
    const alerts: string[] = [];
    const alert = (text: string) => void alerts.push(text);
    const eraser = followErasures(ledger, front, {
      timers: systemTimers,
      alert,
      followers: unwatched(),
      categories: ['person'],
    });
    eraser.startAfter({ position: -1, index: -1 });
    await front.passed(erasure.position);
    expect((await keys.keyFor(owner, 'main')).status).toBe('destroyed');
    await eraser.stop();
    expect(asked).toEqual([[-1, ['person']]]);
    expect(alerts).toEqual([]);
  });
});
