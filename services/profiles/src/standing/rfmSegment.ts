import type { RfmPolicy, RfmWeights, Segment } from '@rapport/contracts';
import type { RfmScores } from './rfmScores.ts';

export type RfmBand = 'low' | 'middle' | 'high';

/** Bands of the three scores. */
export interface RfmBands {
  readonly recency: RfmBand;
  readonly frequency: RfmBand;
  readonly monetary: RfmBand;
}

/** A segment and the rule that decided; its text stands in events. */
export interface RfmSegment {
  readonly segment: Segment;
  /** `R-025 1 all high`, …, `R-025 5 weighted 3/6` (points reached of points possible). */
  readonly rule: string;
}

const POINTS: Readonly<Record<RfmBand, number>> = { low: 0, middle: 1, high: 2 };

/** bands of scores. */
export function rfmBands(scores: RfmScores, limits: RfmPolicy['bands']): RfmBands {
  const band = (score: number): RfmBand =>
    score >= limits.highFrom ? 'high' : score >= limits.middleFrom ? 'middle' : 'low';
  return {
    recency: band(scores.recency),
    frequency: band(scores.frequency),
    monetary: band(scores.monetary),
  };
}

/** the first rule that matches. Only for who has bought: others have no segment. */
export function rfmSegment(bands: RfmBands, weights: RfmWeights): RfmSegment {
  const all = (band: RfmBand) =>
    bands.recency === band && bands.frequency === band && bands.monetary === band;
  if (all('high')) return { segment: 'high-value', rule: 'R-025 1 all high' };
  if (all('low')) return { segment: 'low-value', rule: 'R-025 2 all low' };
  if (bands.recency === 'low') return { segment: 'churn-risk', rule: 'R-025 3 R low' };
  if (all('middle')) return { segment: 'potential', rule: 'R-025 4 all mid' };
  const sum = weights.recency + weights.frequency + weights.monetary;
  const points =
    weights.recency * POINTS[bands.recency] +
    weights.frequency * POINTS[bands.frequency] +
    weights.monetary * POINTS[bands.monetary];
  return {
    segment: points >= sum ? 'potential' : 'low-value',
    rule: `R-025 5 weighted ${points}/${sum * POINTS.high}`,
  };
}

/** whether entering a segment starts a recall. */
export function startsRecall(segment: Segment): boolean {
  return segment === 'churn-risk';
}
