import { mannKendall } from './mannKendall.ts';
import { quantile } from './normal.ts';
import type { Lives } from './series.ts';
import { medianSlope, pairwiseSlopes } from './theilSen.ts';

/** Below as many samples in one life nothing is said of it. */
export const FEWEST_SAMPLES = 8;

/** What is asked of a series. */
export interface LeakQuestion {
  /** Growth a minute that harms nobody: what is left, divided by how long a process lives. */
  readonly tolerated: number;
  /** Probability of naming a leak where there is none: of the whole run, divided by the number of its series. */
  readonly falseAlarm: number;
}

/** What a series says. */
export type LeakFinding =
  | { readonly verdict: 'too few samples'; readonly samples: number }
  | {
      readonly verdict: 'leak' | 'none';
      readonly samples: number;
      /** Theil and Sen's slope, a minute. */
      readonly slope: number;
      /** Between these the true slope lies, all but surely: the interval has twice the probability of a false alarm outside. */
      readonly lower: number;
      readonly upper: number;
      /** Of the rise by chance. */
      readonly p: number;
    };

/**
 * A leak is named where the series rises beyond chance, and surely faster than is tolerated. Both: a tiny rise that is
 * certain harms nobody, and a steep one that may be chance is none.
 */
export function leakIn(all: Lives, { tolerated, falseAlarm }: LeakQuestion): LeakFinding {
  const lives = all.filter((life) => life.length >= FEWEST_SAMPLES);
  const samples = lives.reduce((sum, life) => sum + life.length, 0);
  if (samples === 0)
    return { verdict: 'too few samples', samples: Math.max(0, ...all.map(({ length }) => length)) };
  const { p, variance } = mannKendall(lives);
  const slopes = pairwiseSlopes(lives);
  // Sen's interval: as many pairs from the median's place as s may lie from 0 by chance.
  const beside = quantile(falseAlarm) * Math.sqrt(variance);
  const at = (rank: number): number => slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(rank)))]!;
  const lower = at((slopes.length - beside) / 2 - 1);
  const upper = at((slopes.length + beside) / 2);
  const verdict = p < falseAlarm && lower > tolerated ? 'leak' : 'none';
  return { verdict, samples, slope: medianSlope(slopes), lower, upper, p };
}
