import { dateOf, dateOfDayNumber, fullYearsBetween, type PlainDate, startOfDay } from '@rapport/calendar';
import type { Tier, TieringMode, TieringPolicy } from '@rapport/contracts';
import type { EpochMillis } from '@rapport/platform';
import { type Band, type BandRule, combineBands, spendBand, tenureBand, thresholdsOf } from './bands.ts';
import { type CustomerHistory, customerHistory } from './customerHistory.ts';
import { formatFen } from './fen.ts';
import type { StandingFacts } from './standingFacts.ts';
import { isFlagged } from './strategicFlags.ts';

/** The tier that facts alone give, before the downgrade wait, with everything that it follows from. */
export interface CandidateTier {
  readonly tier: Tier;
  readonly rule: BandRule | 'R-020 strategic' | 'R-020 never bought';
  readonly mode: TieringMode;
  readonly asOf: PlainDate;
  /** Net spend in the policy's window (default 365 days), CNY with two decimals. Confidential. */
  readonly spend365dCny: string;
  /** Purchases in the same window, without refunds. */
  readonly purchases365d: number;
  readonly fullYears: number;
  readonly spendBand: Band;
  readonly tenureBand: Band;
  /** Whether an approved strategic designation holds. */
  readonly strategic: boolean;
}

/**
 * the candidate tier at the end of a day.
 *
 * @param policy the tiering policy in force on that day
 */
export function candidateTier(facts: StandingFacts, policy: TieringPolicy, asOf: PlainDate): CandidateTier {
  return candidateAt(customerHistory(facts), policy, startOfDay(asOf) + 86_400_000 - 1);
}

/** the candidate tier at an instant. What counts only later is not seen. */
export function candidateAt(history: CustomerHistory, policy: TieringPolicy, at: EpochMillis): CandidateTier {
  const { line } = history;
  const thresholds = thresholdsOf(policy);
  const { expired, counted } = line.window(at, policy.windowDays);
  const spend = line.net(counted) - line.net(expired);
  const asOf = dateOf(at);
  const fullYears =
    history.tenureFrom === undefined ? 0 : fullYearsBetween(dateOfDayNumber(history.tenureFrom), asOf);
  const bands = { spendBand: spendBand(spend, thresholds), tenureBand: tenureBand(fullYears, thresholds) };
  const strategic = isFlagged(history.flags, at);
  return {
    ...decide(history, at, bands, policy.mode, strategic),
    mode: policy.mode,
    asOf,
    spend365dCny: formatFen(spend),
    purchases365d: line.purchases(counted) - line.purchases(expired),
    fullYears,
    ...bands,
    strategic,
  };
}

function decide(
  history: CustomerHistory,
  at: EpochMillis,
  bands: { readonly spendBand: Band; readonly tenureBand: Band },
  mode: TieringMode,
  strategic: boolean,
): Pick<CandidateTier, 'tier' | 'rule'> {
  if (history.customerFrom === undefined || at < history.customerFrom) {
    return { tier: 'prospect', rule: 'R-020 never bought' };
  }
  const combined = combineBands(bands.spendBand, bands.tenureBand, mode);
  // Who is A without the designation stays A when it ends: the bands are the reason then.
  return strategic && combined.tier !== 'A' ? { tier: 'A', rule: 'R-020 strategic' } : combined;
}
