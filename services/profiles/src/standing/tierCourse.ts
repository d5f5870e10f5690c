import {
  civilOfDayNumber,
  dayNumberAt,
  dayNumberOfCivil,
  daysInMonth,
  startOfDayNumber,
} from '@rapport/calendar';
import type { TieringPolicy } from '@rapport/contracts';
import type { EpochMillis } from '@rapport/platform';
import { type Band, combineBands, spendBand, tenureBand, type Thresholds, thresholdsOf } from './bands.ts';
import type { CustomerHistory } from './customerHistory.ts';
import { DowngradeWait, type WaitState } from './downgradeWait.ts';
import { type PolicyPeriod, periodAt } from './policyPeriods.ts';
import type { EntryNotes } from './entryNotes.ts';

/** A policy in force, as it bears on one customer. */
interface Rules {
  readonly until: EpochMillis;
  readonly windowDays: number;
  readonly thresholds: Thresholds;
  readonly anniversaryB: EpochMillis;
  readonly anniversaryA: EpochMillis;
}

/**
 * a customer's tier without its flags, as time passes: each instant is judged by the policy in force at
 * it, and downgrades wait. Stands at an instant and goes forwards from there. It visits only the instants at which
 * something can change: a purchase starts or stops counting, an anniversary, a new policy version, a quarter in which
 * a downgrade waits.
 *
 * What it has gone through up to each purchase is noted beside the purchases, so that the next one begins at the last
 * of them: only purchases that are recorded with an earlier date make it go through the time after that date again.
 */
export class TierCourse {
  private instant: EpochMillis = -Infinity;
  private wait: DowngradeWait | undefined;
  private rules: Rules | undefined;
  private period = -1;
  private counted = 0;
  private expired = 0;
  private readonly notes: EntryNotes;

  /** @param at where it stands first */
  constructor(
    private readonly history: CustomerHistory,
    private readonly policies: readonly PolicyPeriod<TieringPolicy>[],
    at: EpochMillis,
  ) {
    const { line, customerFrom, tenureFrom } = history;
    this.notes = line.notes;
    if (customerFrom === undefined || at < customerFrom) return;
    const versions = policies.map(({ version, from }) => `${version} ${from}`).join();
    this.notes.under(`${customerFrom} ${tenureFrom} ${versions}`);
    this.seek(at);
  }

  /** Undefined for a prospect. */
  get tier(): Band | undefined {
    return this.wait?.tier;
  }

  /** The next instant at which the tier may change; undefined: it never does without new facts. */
  get next(): EpochMillis | undefined {
    const { line, customerFrom } = this.history;
    if (customerFrom === undefined) return undefined;
    if (this.wait === undefined || this.rules === undefined) return customerFrom;
    const { until, windowDays, anniversaryA, anniversaryB } = this.rules;
    let next = Math.min(until, line.from(this.counted) ?? Infinity, this.wait.nextQuarter ?? Infinity);
    if (this.expired < this.counted) {
      next = Math.min(next, startOfDayNumber(dayNumberAt(line.from(this.expired)!) + windowDays));
    }
    if (anniversaryB > this.instant) next = Math.min(next, anniversaryB);
    if (anniversaryA > this.instant) next = Math.min(next, anniversaryA);
    return next === Infinity ? undefined : next;
  }

  /** Goes to `next`. */
  advance(): void {
    const instant = this.next;
    if (instant === undefined) throw new RangeError('nothing comes after this');
    const before = this.wait?.pass(instant);
    this.see(instant, before);
  }

  private seek(at: EpochMillis): void {
    const { line } = this.history;
    // The last purchase up to then that is noted, unless it is one before the customer's first.
    const from = Math.min(line.countUpTo(at), this.notes.length) - 1;
    const noted = from < 0 ? undefined : decoded(this.notes.at(from));
    if (noted !== undefined) {
      const instant = line.from(from)!;
      this.wait = DowngradeWait.before(instant, noted);
      this.see(instant, noted);
    }
    for (let next = this.next; next !== undefined && next <= at; next = this.next) this.advance();
  }

  /** @param before the wait just before the instant; undefined where it begins */
  private see(instant: EpochMillis, before: WaitState | undefined): void {
    const { line } = this.history;
    const rules = this.rulesAt(instant);
    this.instant = instant;
    this.counted = line.countUpTo(instant);
    // All that are not noted yet count from this very instant on, or never were a customer's.
    while (this.notes.length < this.counted) this.notes.push(encoded(before));
    const lastExpired = dayNumberAt(instant) - rules.windowDays;
    this.expired = Math.min(this.counted, line.countUpTo(startOfDayNumber(lastExpired + 1) - 1));
    const candidate = this.candidate(instant, rules);
    if (this.wait === undefined) this.wait = DowngradeWait.begin(candidate, instant);
    else this.wait.see(instant, candidate);
  }

  private candidate(instant: EpochMillis, { thresholds, anniversaryA, anniversaryB }: Rules): Band {
    const { line } = this.history;
    const years =
      instant >= anniversaryA ? thresholds.yearsA : instant >= anniversaryB ? thresholds.yearsB : 0;
    const spend = spendBand(line.net(this.counted) - line.net(this.expired), thresholds);
    return combineBands(spend, tenureBand(years, thresholds), thresholds.mode).tier;
  }

  private rulesAt(instant: EpochMillis): Rules {
    if (this.rules !== undefined && instant < this.rules.until) return this.rules;
    this.period = this.rules === undefined ? periodAt(this.policies, instant) : this.period + 1;
    const { until, value } = this.policies[this.period]!;
    const thresholds = thresholdsOf(value);
    const { tenureFrom } = this.history;
    this.rules = {
      until,
      windowDays: value.windowDays,
      thresholds,
      anniversaryA: anniversary(tenureFrom!, thresholds.yearsA),
      anniversaryB: anniversary(tenureFrom!, thresholds.yearsB),
    };
    return this.rules;
  }
}

/** When that many years are complete; one begun on 29 February on the 28th of a common year. */
function anniversary(tenureFrom: number, years: number): EpochMillis {
  const { year, month, day } = civilOfDayNumber(tenureFrom);
  const lastDay = daysInMonth(year + years, month);
  return startOfDayNumber(dayNumberOfCivil(year + years, month, Math.min(day, lastDay)));
}

const BANDS: readonly Band[] = ['C', 'B', 'A'];

/** A wait as a small number, 0 before it began: it is kept for every purchase. */
function encoded(state: WaitState | undefined): number {
  return state === undefined ? 0 : 1 + BANDS.indexOf(state.tier) * 3 + BANDS.indexOf(state.best);
}

function decoded(note: number): WaitState | undefined {
  return note === 0 ? undefined : { tier: BANDS[Math.floor((note - 1) / 3)]!, best: BANDS[(note - 1) % 3]! };
}
