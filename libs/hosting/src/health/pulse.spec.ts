import { describe, expect, it } from '@jest/globals';
import type { Timers } from '@rapport/platform';
import { Pulse } from './pulse.ts';

/** A store that is asked step by step; each change is noted. */
function asked() {
  const answers: { resolve: () => void; reject: (reason: Error) => void }[] = [];
  const waiting: (() => void)[] = [];
  const deadlines: (() => void)[] = [];
  const wait = <T>(list: T[]): Promise<T> =>
    new Promise((resolve) => {
      const look = (): void => {
        const first = list.shift();
        if (first === undefined) setImmediate(look);
        else resolve(first);
      };
      look();
    });
  const timers: Timers = {
    schedule: (_ms, task) => {
      deadlines.push(task);
      return () => undefined;
    },
    sleep: (_ms, signal) =>
      new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new Error('aborted')));
        waiting.push(resolve);
      }),
  };
  const changes: (readonly [boolean, unknown])[] = [];
  const pulse = new Pulse(() => new Promise<void>((resolve, reject) => answers.push({ resolve, reject })), {
    timers,
    changed: (up, reason) => changes.push([up, (reason as Error | undefined)?.message]),
  });
  return {
    pulse,
    changes,
    question: () => wait(answers),
    deadline: () => wait(deadlines),
    pause: () => wait(waiting),
  };
}

describe('the pulse of a store', () => {
  it('is there until a question fails, and again with the first answer; changes alone are told', async () => {
    const { pulse, changes, question, pause } = asked();
    expect(pulse.up).toBe(true);
    for (const fails of [true, true, false, false]) {
      const { resolve, reject } = await question();
      if (fails) reject(new Error('away'));
      else resolve();
      const goOn = await pause();
      expect(pulse.up).toBe(!fails);
      goOn();
    }
    pulse.stop();
    expect(changes).toEqual([
      [false, 'away'],
      [true, undefined],
    ]);
  });

  it('is gone when no answer comes in time', async () => {
    const { pulse, changes, deadline, pause } = asked();
    (await deadline())();
    await pause();
    expect(pulse.up).toBe(false);
    expect(changes).toEqual([[false, 'no answer within 5000 ms']]);
    pulse.stop();
  });

  it('tells nothing any more once it is stopped', async () => {
    const { pulse, changes, question } = asked();
    const { reject } = await question();
    pulse.stop();
    reject(new Error('closed'));
    await new Promise(setImmediate);
    expect(changes).toEqual([]);
  });
});
