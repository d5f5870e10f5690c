import type { Lives } from './series.ts';

/** Slopes between all pairs of samples of the same life, ascending, a minute. */
export function pairwiseSlopes(lives: Lives): readonly number[] {
  const slopes: number[] = [];
  for (const life of lives) {
    for (let later = 1; later < life.length; later += 1) {
      for (let sooner = 0; sooner < later; sooner += 1) {
        const [from, to] = [life[sooner]!, life[later]!];
        if (to.at > from.at) slopes.push((to.value - from.value) / (to.at - from.at));
      }
    }
  }
  return slopes.sort((x, y) => x - y);
}

/** Theil and Sen: the median of the slopes, which up to 29 % of wild samples do not move far. @param slopes ascending */
export function medianSlope(slopes: readonly number[]): number {
  const middle = (slopes.length - 1) / 2;
  return (slopes[Math.floor(middle)]! + slopes[Math.ceil(middle)]!) / 2;
}
