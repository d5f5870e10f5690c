import { describe, expect, it } from '@jest/globals';
import { event, profileEvents, type RecordedEvent } from '@rapport/contracts';
import { asRecorded, type Ledger } from '@rapport/event-sourcing';
import { systemMonotonicClock, systemRandom, systemTimers } from '@rapport/platform';
import { CachedKeyStore, MemoryKeyStore } from '@rapport/privacy';
import { ErasureFront } from './erasureFront.ts';
import { followErasures } from './followErasures.ts';

const personId = '0f5a7f6e-0000-5000-8000-000000000001';
const owner = { kind: 'customer', id: personId } as const;
const erasure = asRecorded(
  event(profileEvents.PersonErased, { personId, customerId: personId, isCustomer: true }),
  0,
);

/** A log that has these events, and then nothing until whoever follows stops. */
function logOf(...events: readonly RecordedEvent[]) {
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
  it('R-100 drops keys that another process destroyed, by the streams of persons alone', async () => {
    const store = new MemoryKeyStore(systemRandom);
    const keys = new CachedKeyStore(store, systemMonotonicClock);
    await keys.create(owner, 'main');
    await store.destroy(owner, 'main');
    expect((await keys.keyFor(owner, 'main')).status).toBe('key');
    const { ledger, asked } = logOf(erasure);
    const front = new ErasureFront(keys, -1);
    const alerts: string[] = [];
    const alert = (text: string) => void alerts.push(text);
    const eraser = followErasures(ledger, front, { timers: systemTimers, alert, categories: ['person'] });
    eraser.startAfter(-1);
    await front.passed(erasure.position);
    expect((await keys.keyFor(owner, 'main')).status).toBe('destroyed');
    await eraser.stop();
    expect(asked).toEqual([[-1, ['person']]]);
    expect(alerts).toEqual([]);
  });
});
