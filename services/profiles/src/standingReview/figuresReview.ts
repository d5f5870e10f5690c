import type { EpochMillis } from '@rapport/platform';
import { type Figures, figuresAt, type FiguresBasis, isSame, nextFiguresAt } from '../standing/figuresAt.ts';
import { policyPeriods } from '../standing/policyPeriods.ts';
import type { KnownChanges } from './knownChanges.ts';
import type { StandingPolicies } from './standingWalk.ts';

/** When figures were recorded, and what they knew. */
export interface RecordedFigures {
  readonly at: EpochMillis;
  /** Changes up to this index were known to them. */
  readonly knownIndex: number;
}

/** What a review finds of a customer's figures. */
export interface FiguresReview {
  /** Where they are to be recorded: nothing was, or others. */
  readonly changed?: ChangedFigures;
  /** When the passing of time alone makes them others; undefined: never. */
  readonly nextAt: EpochMillis | undefined;
  /** Versions of the policies by which they were computed. */
  readonly policies: Figures['policies'];
}

/** Figures from an instant on, until time alone makes them others, and what they know. */
export interface ChangedFigures extends RecordedFigures {
  readonly figures: Figures;
  readonly until: EpochMillis | undefined;
}

/**
 * the figures at an instant, and whether they must be recorded. What was recorded is sealed, so it is not
 * compared with: with every purchase, refund and void since then they are recorded anew; without one they are the same
 * function of the same facts, at another instant.
 *
 * @param known what they follow from: the first `count` of it
 * @param last undefined where none were recorded yet
 */
export function reviewFigures(
  known: KnownChanges,
  count: number,
  policies: StandingPolicies,
  last: RecordedFigures | undefined,
  at: EpochMillis,
): FiguresReview {
  const { history, industry } = known.facts(count);
  const { line } = history;
  const basis: FiguresBasis = {
    line,
    industry,
    tiering: policyPeriods(policies.tiering),
    rfm: policyPeriods(policies.rfm),
  };
  const figures = figuresAt(basis, at);
  // A customer without purchases has none, until it had some.
  if (last === undefined && line.length === 0) return { nextAt: undefined, policies: figures.policies };
  const nextAt = nextFiguresAt(basis, at);
  const found = { nextAt, policies: figures.policies };
  const knownIndex = known.at(count - 1)?.index ?? -1;
  const stands =
    last !== undefined &&
    !isSpentBetween(known, last.knownIndex, knownIndex) &&
    isSame(figuresAt(basis, last.at), figures);
  return stands ? found : { ...found, changed: { figures, at, until: nextAt, knownIndex } };
}

/** Whether something that figures follow from became known after one index, up to another. */
function isSpentBetween(known: KnownChanges, after: number, through: number): boolean {
  for (const { kind, index } of known.from(known.through(after))) {
    if (index > through) return false;
    if (kind === 'purchase' || kind === 'voided' || kind === 'registered') return true;
  }
  return false;
}
