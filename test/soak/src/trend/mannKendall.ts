import { upperTail } from './normal.ts';
import type { Lives, Sample } from './series.ts';
import { medianSlope, pairwiseSlopes } from './theilSen.ts';

/** Mann and Kendall's test for a rising trend, over several lives of one process. */
export interface TrendTest {
  /** Pairs that rise, less pairs that fall. */
  readonly s: number;
  /** Of `s` where there is no trend: ties, and samples that resemble the one before, are taken account of. */
  readonly variance: number;
  /** Probability of such a rise, or a steeper one, by chance. */
  readonly p: number;
}

/** Lives are strata, as seasons are in the seasonal test: their statistics and variances add up. */
export function mannKendall(lives: Lives): TrendTest {
  let s = 0;
  let independent = 0;
  for (const life of lives) {
    s += rises(life);
    independent += varianceOf(life.map(({ value }) => value));
  }
  const variance = independent * likenessFactor(lives);
  // Continuity: s takes every second whole number.
  const z = variance === 0 ? 0 : (s - Math.sign(s)) / Math.sqrt(variance);
  return { s, variance, p: variance === 0 ? 1 : upperTail(z) };
}

function rises(life: readonly Sample[]): number {
  let s = 0;
  for (let later = 1; later < life.length; later += 1) {
    for (let sooner = 0; sooner < later; sooner += 1)
      s += Math.sign(life[later]!.value - life[sooner]!.value);
  }
  return s;
}

/** Kendall's variance of s for independent samples, less what ties take away. */
function varianceOf(values: readonly number[]): number {
  const pairs = (n: number): number => n * (n - 1) * (2 * n + 5);
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const ties = [...counts.values()].reduce((sum, n) => sum + pairs(n), 0);
  return (pairs(values.length) - ties) / 18;
}

/**
 * How much less the samples say because each resembles the one before (Yue and Wang 2004): memory that swings slowly
 * looks like a trend to who takes its samples for independent. From the correlation of what is left beside the slope.
 */
function likenessFactor(lives: Lives): number {
  const slopes = pairwiseSlopes(lives);
  if (slopes.length === 0) return 1;
  const slope = medianSlope(slopes);
  let [products, squares, samples] = [0, 0, 0];
  for (const life of lives) {
    const rest = life.map(({ at, value }) => value - slope * at);
    const mean = rest.reduce((sum, value) => sum + value, 0) / Math.max(1, rest.length);
    rest.forEach((value, n) => {
      squares += (value - mean) ** 2;
      if (n > 0) products += (value - mean) * (rest[n - 1]! - mean);
    });
    samples = Math.max(samples, life.length);
  }
  const likeness = squares === 0 ? 0 : Math.min(0.95, products / squares);
  if (likeness <= 0) return 1;
  let factor = 1;
  for (let lag = 1; lag < samples; lag += 1) factor += 2 * (1 - lag / samples) * likeness ** lag;
  return factor;
}
