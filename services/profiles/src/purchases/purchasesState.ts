import { profileEvents, streamName, type RecordedEvent } from '@rapport/contracts';
import { Map as PersistentMap } from 'immutable';

/** A customer's purchases of one year, by id: remembered for ever, so that a repeated import adds nothing. */
export interface Purchases {
  readonly byId: PersistentMap<string, KnownPurchase>;
}

export interface KnownPurchase {
  /** Revision of the event that recorded it. */
  readonly since: number;
  readonly voided: boolean;
}

export const NO_PURCHASES: Purchases = { byId: PersistentMap() };

/** What grows without end has a stream a year (contract.md): purchases by the year of their date. */
export function purchasesStream(customerId: string, year: number): string {
  return streamName('purchases', `${customerId}-${String(year).padStart(4, '0')}`);
}

export function evolvePurchases({ byId }: Purchases, { type, data, revision }: RecordedEvent): Purchases {
  const { purchaseId } = data as { readonly purchaseId: string };
  switch (type) {
    case profileEvents.PurchaseRecorded.type:
    case profileEvents.RefundRecorded.type:
      return { byId: byId.set(purchaseId, { since: revision, voided: false }) };
    case profileEvents.PurchaseVoided.type:
      return { byId: byId.set(purchaseId, { ...byId.get(purchaseId)!, voided: true }) };
    default:
      return { byId };
  }
}
