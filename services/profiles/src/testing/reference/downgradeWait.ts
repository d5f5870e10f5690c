import { civilOfDayNumber, dayNumberAt, dayNumberOfCivil, startOfDayNumber } from '@rapport/calendar';
import type { EpochMillis } from '@rapport/platform';
import { type Band, isAbove } from '../../standing/bands.ts';
import { extend, type Step, type Timeline } from './timeline.ts';

/**
 * the tier over time that follows from the candidate tier over time. A higher candidate takes effect
 * at once. A lower one waits: at 00:00 of a calendar quarter the tier falls to the best candidate seen at any
 * instant of the quarter before, so that only who was below on every day of a full quarter falls, and only as
 * far as the best of it.
 *
 * The first candidate is the tier with which the line starts.
 */
export function downgradeWait(candidates: Timeline<Band>): Timeline<Band> {
  const steps: Step<Band>[] = [];
  const first = candidates[0];
  if (first === undefined) return steps;
  let tier = first.value;
  /** Best candidate seen since the quarter began. Never above the tier. */
  let best = first.value;
  /** 00:00 of the quarter after the one that is looked at. */
  let quarterEnd = nextQuarterStart(first.from);

  candidates.forEach((step, i) => {
    const candidate = step.value;
    const until = candidates[i + 1]?.from ?? Infinity;
    if (isAbove(candidate, best)) best = candidate;
    if (isAbove(candidate, tier)) tier = candidate;
    extend(steps, step.from, tier);
    while (quarterEnd <= until && isAbove(tier, candidate)) {
      if (isAbove(tier, best)) {
        tier = best;
        // Where the next candidate starts at this same instant and is higher, it replaces this step.
        extend(steps, quarterEnd, tier);
      }
      best = candidate;
      quarterEnd = nextQuarterStart(quarterEnd);
    }
    if (until !== Infinity && quarterEnd <= until) {
      // Tier and candidate are the same to the end of this step: no quarter start in it can change anything.
      quarterEnd = nextQuarterStart(until);
    }
    // A quarter that begins with the next step has seen nothing of this one.
    if (isQuarterStart(until, quarterEnd)) best = candidates[i + 1]!.value;
  });
  return steps;
}

/** Whether `instant` is the first of the quarter that ends at `quarterEnd`. */
function isQuarterStart(instant: EpochMillis, quarterEnd: EpochMillis): boolean {
  return instant !== Infinity && instant === quarterStart(quarterEnd - 1);
}

function quarterStart(instant: EpochMillis): EpochMillis {
  const { year, month } = civilOfDayNumber(dayNumberAt(instant));
  return startOfDayNumber(dayNumberOfCivil(year, month - ((month - 1) % 3), 1));
}

function nextQuarterStart(instant: EpochMillis): EpochMillis {
  const { year, month } = civilOfDayNumber(dayNumberAt(instant));
  const next = month - ((month - 1) % 3) + 3;
  return startOfDayNumber(next > 12 ? dayNumberOfCivil(year + 1, 1, 1) : dayNumberOfCivil(year, next, 1));
}
