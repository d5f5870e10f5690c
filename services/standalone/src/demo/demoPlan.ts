import { addDays, dateOf, type PlainDate } from '@rapport/calendar';
import type { EpochMillis } from '@rapport/platform';
import { customerLife } from './customerLife.ts';
import type { PlannedAction } from './plannedAction.ts';
import { SeededRandom } from './seededRandom.ts';

export const DEMO_SEED = 20_260_101;
export const DEMO_CUSTOMERS = 200;
/** Two years. */
export const DEMO_DAYS = 730;

/** The demo's first day, so that its last one is the day before `now`. */
export function demoBegins(now: EpochMillis): PlainDate {
  return addDays(dateOf(now), -DEMO_DAYS);
}

/** The demo's two years: what happens on each day, in order of time. The same seed gives the same plan. */
export function demoPlan(
  seed: number = DEMO_SEED,
  customers: number = DEMO_CUSTOMERS,
  days: number = DEMO_DAYS,
): readonly (readonly PlannedAction[])[] {
  const random = new SeededRandom(seed);
  const byDay: PlannedAction[][] = Array.from({ length: days }, () => []);
  for (let n = 1; n <= customers; n += 1) {
    for (const action of customerLife(n, days, random)) byDay[action.day]!.push(action);
  }
  for (const actions of byDay) actions.sort((a, b) => a.time - b.time);
  return byDay;
}
