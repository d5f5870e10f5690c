import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { StoredEvent } from '../eventStore.ts';
import { MANY, PACE_MS, paced } from './paced.ts';

interface Handed {
  readonly at: number;
  readonly positions: readonly number[];
}

/** A log to which an event is written at each of some moments (ms, ascending), followed in virtual time. */
async function follow(moments: readonly number[], paceMs?: number): Promise<readonly Handed[]> {
  let now = 0;
  async function* log(): AsyncGenerator<readonly StoredEvent[]> {
    for (let next = 0; next < moments.length;) {
      now = Math.max(now, moments[next]!);
      const there = moments.filter((moment) => moment <= now).length;
      const end = Math.min(there, next + MANY);
      yield Array.from({ length: end - next }, (_, i) => ({ position: next + i }) as StoredEvent);
      next = end;
    }
  }
  const timers = {
    sleep: async (ms: number) => void (now += ms),
    schedule: () => () => undefined,
  };
  const { signal } = new AbortController();
  const handed: Handed[] = [];
  const pacing = { timers, monotonic: { now: () => now }, signal, ...(paceMs !== undefined && { paceMs }) };
  for await (const batch of paced(log(), pacing)) {
    handed.push({ at: now, positions: batch.map(({ position }) => position) });
  }
  return handed;
}

describe('following at a pace', () => {
  it('hands an event over at once after a quiet moment, and together what comes within a pace of it', async () => {
    expect(await follow([100, 101, 105, 110, 111, 300])).toEqual([
      { at: 100, positions: [0] },
      { at: 110, positions: [1, 2, 3] },
      { at: 120, positions: [4] },
      { at: 300, positions: [5] },
    ]);
  });

  it('does not pause while many wait', async () => {
    const handed = await follow(Array.from({ length: MANY * 3 + 1 }, () => 7));
    expect(handed.map(({ at }) => at)).toEqual([7, 7, 7, 7]);
  });

  it('hands over everything once, in order, at most one pace late, small batches a pace apart', async () => {
    const moments = fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(moments, fc.constantFrom(undefined, 1, 40), async (unordered, asked) => {
        const ordered = unordered.toSorted((a, b) => a - b);
        const handed = await follow(ordered, asked);
        const pace = asked ?? PACE_MS;
        expect(handed.flatMap(({ positions }) => positions)).toEqual([...ordered.keys()]);
        handed.forEach(({ at, positions }, i) => {
          for (const position of positions) expect(at - ordered[position]!).toBeLessThanOrEqual(pace);
          const before = handed[i - 1];
          if (before !== undefined && before.positions.length < MANY) {
            expect(at - before.at).toBeGreaterThanOrEqual(pace);
          }
        });
      }),
    );
  });
});
