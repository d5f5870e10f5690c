import { dateOf, dateOfDayNumber, dayNumberAt, fullYearsBetween } from '@rapport/calendar';
import type { TieringMode, TieringPolicy } from '@rapport/contracts';
import type { EpochMillis } from '@rapport/platform';
import { type Band, combineBands, spendBand, tenureBand, thresholdsOf } from '../../standing/bands.ts';
import type { CandidateTier } from '../../standing/candidateTier.ts';
import { formatFen } from '../../standing/fen.ts';
import type { CustomerHistory } from './customerHistory.ts';
import { countUpTo } from './spendLine.ts';
import { isFlagged } from '../../standing/strategicFlags.ts';

/** the candidate tier at an instant. What counts only later is not seen. */
export function candidateAt(history: CustomerHistory, policy: TieringPolicy, at: EpochMillis): CandidateTier {
  const { line } = history;
  const thresholds = thresholdsOf(policy);
  const counted = countUpTo(line.from, at);
  const expired = Math.min(counted, countUpTo(line.day, dayNumberAt(at) - policy.windowDays));
  const spend = line.net[counted]! - line.net[expired]!;
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
    purchases365d: line.count[counted]! - line.count[expired]!,
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
