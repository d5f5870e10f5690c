import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { leakIn, type LeakQuestion } from './leak.ts';
import type { Sample } from './series.ts';

const MB = 1024 * 1024;
/** As the soak asks of a heap: 60 series, one false alarm in a hundred runs; 30 days until 3 GB are full. */
const QUESTION: LeakQuestion = { tolerated: (3_000 * MB) / (30 * 24 * 60), falseAlarm: 0.01 / 60 };

/** Normal noise that is the same for the same seed; `likeness` of each value with the one before, 0 to 1. */
function* noise(seed: number, likeness = 0): Generator<number, never> {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (((mixed ^ (mixed >>> 14)) >>> 0) + 0.5) / 2 ** 32;
  };
  for (let before = 0; ;) {
    const normal = Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
    before = likeness * before + Math.sqrt(1 - likeness ** 2) * normal;
    yield before;
  }
}

/** One life: a sample a minute. */
function life(
  minutes: number,
  noises: Generator<number, never>,
  at: (minute: number) => number,
): readonly Sample[] {
  return Array.from({ length: minutes }, (_, minute) => ({
    at: minute,
    value: at(minute) + noises.next().value,
  }));
}

const seeds = fc.integer({ min: 1, max: 1_000_000 });

describe('a planted leak', () => {
  const leaking = (seed: number, size: number, minutes: number) => {
    const noises = noise(seed);
    return Array.from({ length: minutes }, (_, at) => ({
      at,
      value: 90 * MB + at * MB + size * noises.next().value,
    }));
  };

  it('of 1 MB a minute is found in half an hour, in noise of up to 1 MB', () => {
    const found = fc.property(
      seeds,
      fc.double({ min: 0, max: MB, noNaN: true }),
      fc.integer({ min: 30, max: 60 }),
      (seed, size, minutes) => {
        expect(leakIn([leaking(seed, size, minutes)], QUESTION)).toMatchObject({ verdict: 'leak' });
      },
    );
    fc.assert(found, { numRuns: 300 });
  });

  it('of 1 MB a minute is missed once in a hundred times in twenty-four minutes, in noise of 3 MB', () => {
    const missed = Array.from({ length: 1_000 }, (_, seed) =>
      leakIn([leaking(seed + 1, 3 * MB, 24)], QUESTION),
    );
    expect(missed.filter(({ verdict }) => verdict !== 'leak').length).toBeLessThan(25);
  });

  it('is found within the lives of a process that is killed again and again', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const noises = noise(seed);
        const lives = [0, 1, 2, 3].map(() => life(12, noises, (minute) => 80 * MB + minute * MB));
        expect(leakIn(lives, QUESTION)).toMatchObject({ verdict: 'leak' });
      }),
      { numRuns: 200 },
    );
  });

  it('is measured: the interval holds its slope', () => {
    let held = 0;
    for (let seed = 1; seed <= 400; seed += 1) {
      const found = leakIn([leaking(seed, MB, 30)], QUESTION);
      if (found.verdict !== 'too few samples' && found.lower <= MB && found.upper >= MB) held += 1;
    }
    expect(held).toBe(400);
  });

  it('of one file handle a minute is found, and so is a single wild sample not', () => {
    const handles = (values: readonly number[]) => values.map((value, at) => ({ at, value }));
    const question = { tolerated: 0.01, falseAlarm: QUESTION.falseAlarm };
    const steady = Array.from({ length: 24 }, () => 41);
    expect(leakIn([handles(steady.map((value, minute) => value + minute))], question).verdict).toBe('leak');
    expect(leakIn([handles([...steady.slice(1), 900])], question).verdict).toBe('none');
    expect(leakIn([handles(steady)], question)).toMatchObject({ verdict: 'none', slope: 0, p: 1 });
  });
});

describe('no leak', () => {
  const alarms = (
    lives: (noises: Generator<number, never>) => readonly (readonly Sample[])[],
    likeness = 0,
  ): number => {
    let count = 0;
    for (let seed = 1; seed <= 2_000; seed += 1) {
      if (leakIn(lives(noise(seed, likeness)), { ...QUESTION, tolerated: 0 }).verdict === 'leak') count += 1;
    }
    return count;
  };

  it('is named in a flat noisy series, however much noise, and with nothing tolerated', () => {
    // Of 2,000 series 0.3 are expected by chance.
    expect(alarms((noises) => [life(24, noises, () => 0)])).toBeLessThanOrEqual(2);
  });

  it('is named where a series only swings slowly', () => {
    expect(alarms((noises) => [life(24, noises, () => 0)], 0.6)).toBeLessThanOrEqual(10);
  });

  it('is named where each life begins on another level', () => {
    const lives = (noises: Generator<number, never>) => [0, 1, 2].map((n) => life(10, noises, () => 100 * n));
    expect(alarms(lives)).toBeLessThanOrEqual(2);
  });

  it('is named where growth is certain and harms nobody: less than lets a process run full in thirty days', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const noises = noise(seed);
        const growing = life(40, noises, (minute) => minute * 0.9 * QUESTION.tolerated);
        expect(leakIn([growing], QUESTION)).toMatchObject({ verdict: 'none' });
      }),
    );
  });

  it('is looked for in less than eight samples', () => {
    expect(leakIn([life(7, noise(1), (minute) => minute * 100 * MB)], QUESTION)).toEqual({
      verdict: 'too few samples',
      samples: 7,
    });
  });
});
