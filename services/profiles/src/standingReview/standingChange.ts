import type { PlainDate } from '@rapport/calendar';
import type { EpochMillis } from '@rapport/platform';
import type { Fen } from '../standing/fen.ts';

/** One recorded event as far as standings follow from it, with its amount opened. Small: one is kept per event. */
export type StandingChange = {
  /** Index of the event in the log. */
  readonly index: number;
  /** When the ledger recorded it: from then on it was known. */
  readonly recordedAt: EpochMillis;
  /** Taken over from another system (origin `import`). */
  readonly imported: boolean;
} & (
  | { readonly kind: 'registered'; readonly firstCooperationOn?: PlainDate; readonly industry?: string }
  | PurchaseChange
  | { readonly kind: 'voided'; readonly purchaseId: string }
  | { readonly kind: 'flagged'; readonly designationId: string; readonly validUntil: PlainDate }
  | { readonly kind: 'unflagged'; readonly designationId: string }
);

/** A purchase, or a refund where the amount is negative. */
export interface PurchaseChange {
  readonly kind: 'purchase';
  readonly purchaseId: string;
  /** Day number of its date. */
  readonly day: number;
  readonly amountFen: Fen;
}
