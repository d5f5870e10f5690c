import { dayNumberAt, dayNumberOf, type PlainDate } from '@rapport/calendar';
import type { EpochMillis } from '@rapport/platform';
import { SpendLine } from './spendLine.ts';
import { type Contract, countsFrom, spendOf, type StandingFacts } from './standingFacts.ts';
import { type FlagPeriod, flagPeriods } from './strategicFlags.ts';

/** The facts of a customer, put in order for judging any instant. */
export interface CustomerHistory {
  readonly line: SpendLine;
  /** From when it is a customer: its first purchase or contract counts. Undefined: a prospect for now. */
  readonly customerFrom: EpochMillis | undefined;
  /** Day number from which tenure counts. */
  readonly tenureFrom: number | undefined;
  readonly flags: readonly FlagPeriod[];
}

export function customerHistory({
  purchases,
  contracts,
  flags,
  firstCooperationOn,
}: StandingFacts): CustomerHistory {
  return historyOf(
    SpendLine.empty.with(purchases.map(spendOf)),
    flagPeriods(flags),
    firstCooperationOn,
    contracts,
  );
}

/** The same from purchases and flags that are in order already. */
export function historyOf(
  line: SpendLine,
  flags: readonly FlagPeriod[],
  firstCooperationOn?: PlainDate,
  contracts: readonly Contract[] = [],
): CustomerHistory {
  let customerFrom = line.firstPurchase;
  let firstDay = customerFrom === undefined ? undefined : dayNumberAt(customerFrom);
  for (const contract of contracts) {
    const day = dayNumberOf(contract.startsOn);
    const from = countsFrom(day, contract.recordedAt);
    if (customerFrom === undefined || from < customerFrom) customerFrom = from;
    if (firstDay === undefined || day < firstDay) firstDay = day;
  }
  return {
    line,
    customerFrom,
    tenureFrom: firstCooperationOn === undefined ? firstDay : dayNumberOf(firstCooperationOn),
    flags,
  };
}
