import { profileEvents, recencyScore, type CurrentEvent } from '@rapport/contracts';
import { dateOf, dayNumberAt, dayNumberOf } from '@rapport/calendar';
import { toMillis, type EpochMillis } from '@rapport/platform';
import { dataOf } from '../dataOf.ts';

const { CustomerFiguresChanged } = profileEvents;

/** What a customer's purchases come to, as recorded last. */
export interface RecordedFigures {
  /** From when, and until when by the passing of time alone: exclusive, null for ever. */
  readonly from: string;
  readonly until: string | null;
  readonly spend365dCny: string;
  readonly net365dCny: string;
  readonly purchases365d: number;
  /** Null where every purchase was voided. */
  readonly lastPurchaseOn: string | null;
  readonly frequency: number;
  readonly monetary: number;
  /** Cut points of R. */
  readonly recencyDays: readonly number[];
}

/** Figures as they are shown: for a day. */
export interface ShownFigures {
  readonly asOf: string;
  readonly spend365dCny: string;
  readonly net365dCny: string;
  readonly purchases365d: number;
  readonly lastPurchaseOn: string | null;
  readonly daysSinceLastPurchase: number | null;
  /** Null without a purchase. */
  readonly scores: { readonly recency: number; readonly frequency: number; readonly monetary: number } | null;
}

/** Dotted paths of shown figures that are confidential; scores are not. */
export const FIGURES_CLASSIFIED = {
  'figures.spend365dCny': 'confidential',
  'figures.net365dCny': 'confidential',
  'figures.purchases365d': 'confidential',
  'figures.lastPurchaseOn': 'confidential',
  'figures.daysSinceLastPurchase': 'confidential',
} as const;

/** What CustomerFiguresChanged makes of a tier document. */
export function figuresChanged(event: CurrentEvent): {
  readonly figures: RecordedFigures | null;
  readonly spendFen: number | null;
} {
  const { effectiveAt, until, figures, scores, recencyDays } = dataOf(CustomerFiguresChanged, event);
  // What was erased is unknown, and sorts so.
  if (typeof figures.spend365dCny !== 'string') return { figures: null, spendFen: null };
  const { lastPurchaseOn, ...amounts } = figures;
  return {
    figures: {
      from: effectiveAt,
      until: until ?? null,
      ...amounts,
      lastPurchaseOn: lastPurchaseOn ?? null,
      ...scores,
      recencyDays,
    },
    spendFen: fenOf(figures.spend365dCny),
  };
}

/**
 * The figures of today. Days since the last purchase, and with them R, pass without an event. What leaves a window is
 * recorded when it does: until then, and only then, the figures shown are those of the last day on which they held.
 */
export function shownFigures(figures: RecordedFigures | null, now: EpochMillis): ShownFigures | null {
  if (figures === null) return null;
  const { until, lastPurchaseOn, frequency, monetary, recencyDays } = figures;
  const at = until === null ? now : Math.min(now, toMillis(until) - 1);
  const days = lastPurchaseOn === null ? null : dayNumberAt(at) - dayNumberOf(lastPurchaseOn);
  return {
    asOf: dateOf(at),
    spend365dCny: figures.spend365dCny,
    net365dCny: figures.net365dCny,
    purchases365d: figures.purchases365d,
    lastPurchaseOn,
    daysSinceLastPurchase: days,
    scores: days === null ? null : { recency: recencyScore(days, recencyDays), frequency, monetary },
  };
}

/** A decimal with two places as a whole number of hundredths; null for what is no text, as after an erasure. */
export function fenOf(amount: unknown): number | null {
  return typeof amount === 'string' ? Number(amount.replace('.', '')) : null;
}
