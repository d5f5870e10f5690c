import { describe, expect, it } from '@jest/globals';
import { inTime } from './inTime.ts';

const late = () => new Error('late');

describe('work that has no bound of its own', () => {
  /** A clock that strikes when it is told to, unless it was cancelled. */
  const clock = () => {
    let strike = (): void => undefined;
    let cancelled = false;
    return {
      timers: {
        schedule: (_ms: number, fire: () => void) => {
          strike = fire;
          return () => void (cancelled = true);
        },
      },
      strike: () => strike(),
      isCancelled: () => cancelled,
    };
  };

  it('gives what comes in time, and lets the clock go', async () => {
    const { timers, isCancelled } = clock();
    expect(await inTime(Promise.resolve(7), 10, late, timers)).toBe(7);
    expect(isCancelled()).toBe(true);
  });

  it('fails as the work does, and lets the clock go', async () => {
    const { timers, isCancelled } = clock();
    await expect(inTime(Promise.reject(new Error('own')), 10, late, timers)).rejects.toThrow('own');
    expect(isCancelled()).toBe(true);
  });

  it('is late when nothing has come, whatever comes afterwards', async () => {
    const { timers, strike } = clock();
    let fail: (error: Error) => void = () => undefined;
    const answer = inTime(new Promise((_, reject) => (fail = reject)), 10, late, timers);
    strike();
    await expect(answer).rejects.toThrow('late');
    fail(new Error('nobody hears it'));
    await new Promise(setImmediate);
  });
});
