import { recencyScore } from '@rapport/contracts';
import type { RfmRules } from './rfmRules.ts';

/** What RFM scores follow from. */
export interface RfmInputs {
  /** Whole days since the last purchase; refunds are no purchases. */
  readonly daysSinceLastPurchase: number;
  /** Purchases in the window, without refunds. */
  readonly purchases: number;
  /** Net fen in the window, refunds subtracted. */
  readonly netFen: bigint;
}

/** 1 (worst) to 5 (best) each. */
export interface RfmScores {
  readonly recency: number;
  readonly frequency: number;
  readonly monetary: number;
}

/** the scores; each is 5 less the number of cut points missed. */
export function rfmScores(inputs: RfmInputs, rules: RfmRules): RfmScores {
  return {
    recency: recencyScore(inputs.daysSinceLastPurchase, rules.recencyDays),
    frequency: score(rules.frequency, (least) => inputs.purchases >= least),
    monetary: score(rules.monetaryFen, (least) => inputs.netFen >= least),
  };
}

function score<T>(cutPoints: readonly T[], reached: (cutPoint: T) => boolean): number {
  const first = cutPoints.findIndex(reached);
  return first < 0 ? 1 : 5 - first;
}
