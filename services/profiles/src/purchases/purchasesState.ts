import { profileEvents, streamName, type RecordedEvent } from '@rapport/contracts';
import { Map as PersistentMap, Set as PersistentSet } from 'immutable';

/** A customer's purchases that one stream holds: remembered for ever, so that a repeated import adds nothing. */
export interface Purchases {
  /** Revision of the event that recorded it, by id of the purchase or refund. */
  readonly since: PersistentMap<string, number>;
  /** Those that never counted, in whichever of the customer's streams they stand. */
  readonly voided: PersistentSet<string>;
}

export const NO_PURCHASES: Purchases = { since: PersistentMap(), voided: PersistentSet() };

/**
 * What grows without end has a stream a year (contract.md). The year is that in which a purchase is recorded, not that
 * of its date, so that only the last one is written to (decision 0032).
 */
export function purchasesStream(customerId: string, year: number): string {
  return streamName('purchases', `${customerId}-${String(year).padStart(4, '0')}`);
}

export function evolvePurchases(purchases: Purchases, { type, data, revision }: RecordedEvent): Purchases {
  const { purchaseId } = data as { readonly purchaseId: string };
  switch (type) {
    case profileEvents.PurchaseRecorded.type:
    case profileEvents.RefundRecorded.type:
      return { ...purchases, since: purchases.since.set(purchaseId, revision) };
    case profileEvents.PurchaseVoided.type:
      return { ...purchases, voided: purchases.voided.add(purchaseId) };
    default:
      return purchases;
  }
}
