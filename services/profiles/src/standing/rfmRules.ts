import type { RfmPolicy, RfmWeights } from '@rapport/contracts';
import { parseFen } from './fen.ts';
import { matchingLength } from './industryCode.ts';

/** An RFM policy as it applies to one industry. */
export interface RfmRules {
  /** Name of the industry in the policy, or `standard`. */
  readonly industry: string;
  readonly windowDays: number;
  /** Cut points for 5, 4, 3, 2 points. */
  readonly recencyDays: readonly number[];
  readonly frequency: readonly number[];
  readonly monetaryFen: readonly bigint[];
  readonly weights: RfmWeights;
  readonly bands: RfmPolicy['bands'];
}

/**
 * cut points and weights of a customer's industry: of the entry with the longest code that the
 * industry's code starts with, else the standard ones.
 *
 * @param industry GB/T 4754 code with its section letter, `F5292`, or without, `5292`; undefined when unknown
 */
export function rfmRules(policy: RfmPolicy, industry: string | undefined): RfmRules {
  let entry: RfmPolicy['industries'][number] | undefined;
  let longest = 0;
  for (const candidate of policy.industries) {
    for (const code of candidate.codes) {
      const length = industry === undefined ? 0 : matchingLength(industry, code);
      if (length > longest) {
        longest = length;
        entry = candidate;
      }
    }
  }
  const cutPoints = entry?.cutPoints ?? policy.cutPoints;
  return {
    industry: entry?.name ?? 'standard',
    windowDays: policy.windowDays,
    recencyDays: cutPoints.recencyDays,
    frequency: cutPoints.frequency,
    monetaryFen: cutPoints.monetaryCny.map((amount) => BigInt(parseFen(amount))),
    weights: entry?.weights ?? policy.weights,
    bands: policy.bands,
  };
}
