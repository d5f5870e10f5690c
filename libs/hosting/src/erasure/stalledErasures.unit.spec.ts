import { afterEach, describe, expect, it } from '@jest/globals';
import { event, profileEvents, type ReadEvent } from '@rapport/contracts';
import { asRecorded, type Ledger } from '@rapport/event-sourcing';
import { systemTimers } from '@rapport/platform';
import { eventually, settled, Watched } from '@rapport/platform/testing';
import { ErasureFront } from './erasureFront.ts';
import { followErasures } from './followErasures.ts';

const personId = '0f5a7f6e-0000-5000-8000-000000000001';
const erased = event(profileEvents.PersonErased, { personId, customerId: personId, isCustomer: false });

/** A log with one event, an erasure, and then nothing until whoever follows stops. */
const ledger: Partial<Ledger> = {
  async *follow(_after, signal) {
    yield [{ ...asRecorded(erased, 0), position: 0, index: 0 } as ReadEvent];
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  },
  head: async () => ({ logId: 'log', position: 0, index: 0 }),
};

describe('no silent stall: a stalled erasure', () => {
  const ending: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).reverse()) await end();
  });

  it('R-100 whose keys are not destroyed is told within a minute, and told when they are', async () => {
    const watched = new Watched();
    let answer: () => void = () => undefined;
    let [asked, ended] = [0, false];
    const destroy = () =>
      new Promise<void>((resolve) => {
        asked += 1;
        answer = resolve;
        if (ended) resolve();
      });
    const front = new ErasureFront({ destroy }, -1);
    const { followers } = watched;
    const alert = () => undefined;
    const eraser = followErasures(ledger as Ledger, front, { timers: systemTimers, alert, followers });
    ending.push(() => {
      ended = true;
      answer();
      return eraser.stop();
    });
    ending.push(() => followers.stop());
    eraser.startAfter({ position: -1, index: -1 });
    await eventually(() => expect(asked).toBeGreaterThan(0));
    await watched.aMinute();
    expect(watched.told).toEqual(['follower stands still: erasure persons']);
    let passed = false;
    void front.passed(0).then(() => (passed = true));
    await eventually(() => {
      answer();
      expect(passed).toBe(true);
    });
    await settled();
    await watched.aLook();
    expect(watched.told).toEqual([
      'follower stands still: erasure persons',
      'follower goes on: erasure persons',
    ]);
  });
});
