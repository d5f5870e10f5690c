import { dayNumberOf } from '@rapport/calendar';
import type { EpochMillis } from '@rapport/platform';
import { type SpendLine, spendLine } from './spendLine.ts';
import { countsFrom, type StandingFacts } from '../../standing/standingFacts.ts';
import { type FlagPeriod, flagPeriods } from '../../standing/strategicFlags.ts';

/** The facts of a customer, put in order for judging any instant. */
export interface CustomerHistory {
  readonly line: SpendLine;
  /** From when it is a customer: its first purchase or contract counts. Undefined: a prospect for now. */
  readonly customerFrom: EpochMillis | undefined;
  /** Day number from which tenure counts. */
  readonly tenureFrom: number | undefined;
  readonly flags: readonly FlagPeriod[];
}

export function customerHistory(facts: StandingFacts): CustomerHistory {
  const line = spendLine(facts.purchases);
  let customerFrom: EpochMillis | undefined;
  let firstDay: number | undefined;
  const firstPurchase = line.count.indexOf(1) - 1;
  if (firstPurchase >= 0) {
    customerFrom = line.from[firstPurchase];
    firstDay = line.day[firstPurchase];
  }
  for (const contract of facts.contracts ?? []) {
    const day = dayNumberOf(contract.startsOn);
    const from = countsFrom(day, contract.recordedAt);
    if (customerFrom === undefined || from < customerFrom) customerFrom = from;
    if (firstDay === undefined || day < firstDay) firstDay = day;
  }
  return {
    line,
    customerFrom,
    tenureFrom: facts.firstCooperationOn === undefined ? firstDay : dayNumberOf(facts.firstCooperationOn),
    flags: flagPeriods(facts.flags),
  };
}
