import type { TieringMode, TieringPolicy } from '@rapport/contracts';
import { parseFen } from './fen.ts';

/** A tier of a customer that has bought. */
export type Band = 'A' | 'B' | 'C';

const RANK: Readonly<Record<Band | 'prospect', number>> = { prospect: 0, C: 1, B: 2, A: 3 };

/** Whether `x` is served better than `y`: prospect < C < B < A. */
export function isAbove(x: Band | 'prospect', y: Band | 'prospect'): boolean {
  return RANK[x] > RANK[y];
}

/** the rule that made a band of the two; the text stands in events. */
export type BandRule =
  | 'R-020 spend band'
  | 'R-020 spend band lowered by one for short tenure'
  | 'R-020 lower of the two bands'
  | 'R-020 higher of the two bands';

/** A tiering policy with its amounts in fen. */
export interface Thresholds {
  readonly mode: TieringMode;
  readonly spendA: bigint;
  readonly spendB: bigint;
  readonly yearsA: number;
  readonly yearsB: number;
}

export function thresholdsOf(policy: TieringPolicy): Thresholds {
  return {
    mode: policy.mode,
    spendA: BigInt(parseFen(policy.spendCny.a)),
    spendB: BigInt(parseFen(policy.spendCny.b)),
    yearsA: policy.tenureYears.a,
    yearsB: policy.tenureYears.b,
  };
}

export function spendBand(fen: bigint, thresholds: Thresholds): Band {
  if (fen >= thresholds.spendA) return 'A';
  return fen >= thresholds.spendB ? 'B' : 'C';
}

export function tenureBand(fullYears: number, thresholds: Thresholds): Band {
  if (fullYears >= thresholds.yearsA) return 'A';
  return fullYears >= thresholds.yearsB ? 'B' : 'C';
}

/** one tier of the two bands, in the policy's mode. */
export function combineBands(spend: Band, tenure: Band, mode: TieringMode): { tier: Band; rule: BandRule } {
  switch (mode) {
    case 'spend-led':
      // Short tenure lowers by one level, however short it is; long tenure never raises.
      return isAbove(spend, tenure)
        ? { tier: spend === 'A' ? 'B' : 'C', rule: 'R-020 spend band lowered by one for short tenure' }
        : { tier: spend, rule: 'R-020 spend band' };
    case 'strict':
      return { tier: isAbove(spend, tenure) ? tenure : spend, rule: 'R-020 lower of the two bands' };
    case 'any':
      return { tier: isAbove(spend, tenure) ? spend : tenure, rule: 'R-020 higher of the two bands' };
  }
}
