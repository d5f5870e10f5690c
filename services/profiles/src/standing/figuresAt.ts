import { dateOfDayNumber, dayNumberAt, type PlainDate, startOfDayNumber } from '@rapport/calendar';
import type { RfmPolicy, TieringPolicy } from '@rapport/contracts';
import type { EpochMillis } from '@rapport/platform';
import { END_OF_CALENDAR } from './endOfCalendar.ts';
import { formatFen } from './fen.ts';
import { type PolicyPeriod, periodAt } from './policyPeriods.ts';
import { rfmRules } from './rfmRules.ts';
import { rfmScores } from './rfmScores.ts';
import type { SpendLine } from './spendLine.ts';

/** What a customer's purchases come to at an instant. */
export interface Figures {
  /** Net of the tiering policy's window (default 365 days), CNY with two decimals. Confidential, as the next ones. */
  readonly spend365dCny: string;
  /** Net of the RFM policy's window, and purchases in it without refunds. */
  readonly net365dCny: string;
  readonly purchases365d: number;
  /** Undefined without a purchase. */
  readonly lastPurchaseOn: PlainDate | undefined;
  /** F and M; R follows from the last purchase on the day that is asked for. */
  readonly scores: { readonly frequency: number; readonly monetary: number };
  /** Cut points of R for 5, 4, 3, 2 points. */
  readonly recencyDays: readonly number[];
  /** Versions of the policies in force. */
  readonly policies: { readonly tiering: number; readonly rfm: number };
}

/** What figures follow from. */
export interface FiguresBasis {
  readonly line: SpendLine;
  readonly tiering: readonly PolicyPeriod<TieringPolicy>[];
  readonly rfm: readonly PolicyPeriod<RfmPolicy>[];
  /** GB/T 4754 code of the customer, where it is known. */
  readonly industry: string | undefined;
}

/** The figures at an instant. */
export function figuresAt({ line, tiering, rfm, industry }: FiguresBasis, at: EpochMillis): Figures {
  const byTiering = tiering[periodAt(tiering, at)]!;
  const byRfm = rfm[periodAt(rfm, at)]!;
  const rules = rfmRules(byRfm.value, industry);
  const spent = line.window(at, byTiering.value.windowDays);
  const { expired, counted } = line.window(at, rules.windowDays);
  const purchases = line.purchases(counted) - line.purchases(expired);
  const netFen = line.net(counted) - line.net(expired);
  const latest = line.latest(counted);
  const { frequency, monetary } = rfmScores({ daysSinceLastPurchase: 0, purchases, netFen }, rules);
  return {
    spend365dCny: formatFen(line.net(spent.counted) - line.net(spent.expired)),
    net365dCny: formatFen(netFen),
    purchases365d: purchases,
    lastPurchaseOn: latest === undefined ? undefined : dateOfDayNumber(latest),
    scores: { frequency, monetary },
    recencyDays: rules.recencyDays,
    policies: { tiering: byTiering.version, rfm: byRfm.version },
  };
}

/**
 * The next instant at which the passing of time alone makes the figures others; undefined: never. A purchase leaves a
 * window at 00:00, a policy takes effect at any instant. The days since the last purchase are no part of them.
 */
export function nextFiguresAt(basis: FiguresBasis, after: EpochMillis): EpochMillis | undefined {
  const { line, tiering, rfm } = basis;
  const now = figuresAt(basis, after);
  for (let instant = after; ;) {
    const byTiering = tiering[periodAt(tiering, instant)]!;
    const byRfm = rfm[periodAt(rfm, instant)]!;
    const counted = line.countUpTo(instant);
    instant = Math.min(
      byTiering.until,
      byRfm.until,
      line.from(counted) ?? Infinity,
      leavesAt(line, byTiering.value.windowDays, instant),
      leavesAt(line, byRfm.value.windowDays, instant),
    );
    if (instant >= END_OF_CALENDAR) return undefined;
    if (!isSame(now, figuresAt(basis, instant))) return instant;
  }
}

/** Whether two are shown alike, by whichever policies. */
export function isSame(x: Figures, y: Figures): boolean {
  return (
    x.spend365dCny === y.spend365dCny &&
    x.net365dCny === y.net365dCny &&
    x.purchases365d === y.purchases365d &&
    x.lastPurchaseOn === y.lastPurchaseOn &&
    x.scores.frequency === y.scores.frequency &&
    x.scores.monetary === y.scores.monetary &&
    x.recencyDays.join() === y.recencyDays.join()
  );
}

/** When what is in a window leaves it next. */
function leavesAt(line: SpendLine, days: number, instant: EpochMillis): EpochMillis {
  const { expired, counted } = line.window(instant, days);
  return expired < counted ? startOfDayNumber(dayNumberAt(line.from(expired)!) + days) : Infinity;
}
