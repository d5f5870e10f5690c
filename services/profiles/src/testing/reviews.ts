import { dayNumberOf } from '@rapport/calendar';
import { defaultVersion, RFM, TIERING } from '@rapport/contracts';
import { toMillis } from '@rapport/platform';
import { parseFen } from '../standing/fen.ts';
import type { StandingChange } from '../standingReview/standingChange.ts';
import type { ReviewCommand } from '../standingReview/standingDecider.ts';

// One customer, and what is recorded of him, for specs of reviews.

export const customerId = '0f5a7f6e-0000-5000-8000-00000000000a';
export const at = (text: string): number => toMillis(`${text}+08:00`);
export const policies = { tiering: [defaultVersion(TIERING)], rfm: [defaultVersion(RFM)] };
export const profile = { stream: `customer-${customerId}`, expectedRevision: 1, events: [] };
export const purchases = [{ stream: `purchases-${customerId}-2026`, expectedRevision: 0, events: [] }];
const checks = { profile, purchases };

type What<T> = T extends StandingChange ? Omit<T, 'index' | 'recordedAt' | 'imported'> : never;
export const change = (recordedAt: string, what: What<StandingChange>, imported = false): StandingChange => ({
  index: 0,
  recordedAt: at(recordedAt),
  imported,
  ...what,
});
export const registered = (recordedAt = '2020-01-01T09:00:00'): StandingChange =>
  change(recordedAt, { kind: 'registered', firstCooperationOn: '2020-01-01' });
export const bought = (
  recordedAt: string,
  amount: string,
  imported = false,
  purchasedOn = recordedAt.slice(0, 10),
): StandingChange =>
  change(
    recordedAt,
    {
      kind: 'purchase',
      purchaseId: `purchase of ${recordedAt} ${amount}`,
      day: dayNumberOf(purchasedOn),
      amountFen: parseFen(amount),
    },
    imported,
  );
/** A review of what was recorded in this order; indexes leave room for what reviews record in between. */
export const review = (...changes: StandingChange[]): ReviewCommand => ({
  customerId,
  changes: changes.map((one, i) => ({ ...one, index: i * 1_000 })),
  policies,
  checks,
  writeFormats: 'current',
});
