import type { TieringPolicy } from '@rapport/contracts';
import type { Band } from '../../standing/bands.ts';
import { candidateTimeline } from './candidateTimeline.ts';
import type { CustomerHistory } from './customerHistory.ts';
import { downgradeWait } from './downgradeWait.ts';
import type { PolicyPeriod } from '../../standing/policyPeriods.ts';
import { type FlagPeriod, isFlagged } from '../../standing/strategicFlags.ts';
import { extend, type Step, stepAt, type Timeline } from './timeline.ts';

/**
 * the tier of a customer over all time, past and future, as far as it follows from what is
 * known. Empty for a prospect; before the first step the customer is a prospect.
 *
 * Flags do not enter the wait: a base line is judged without them, and they lift it to A while they hold. So
 * the end of a flag falls back at once to what spend and tenure had earned meanwhile.
 */
export function tierTimeline(
  history: CustomerHistory,
  policies: readonly PolicyPeriod<TieringPolicy>[],
): Timeline<Band> {
  return liftByFlags(downgradeWait(candidateTimeline(history, policies)), history.flags);
}

function liftByFlags(base: Timeline<Band>, flags: readonly FlagPeriod[]): Timeline<Band> {
  const start = base[0]?.from;
  if (start === undefined || flags.length === 0) return base;
  const instants = [
    ...base.map((step) => step.from),
    ...flags.flatMap((flag) => [flag.from, flag.until]).filter((instant) => instant > start),
  ].sort((x, y) => x - y);
  const lifted: Step<Band>[] = [];
  for (const instant of instants) {
    extend(lifted, instant, isFlagged(flags, instant) ? 'A' : base[stepAt(base, instant)]!.value);
  }
  return lifted;
}
