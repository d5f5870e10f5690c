import { profileEvents, streamName, type DataOf, type RecordedEvent } from '@rapport/contracts';

/** A customer's purchases of one year, by id: remembered for ever, so that a repeated import adds nothing. */
export interface Purchases {
  readonly byId: ReadonlyMap<string, 'counts' | 'voided'>;
}

export const NO_PURCHASES: Purchases = { byId: new Map() };

/** What grows without end has a stream a year (contract.md): purchases by the year of their date. */
export function purchasesStream(customerId: string, year: number): string {
  return streamName('purchases', `${customerId}-${String(year).padStart(4, '0')}`);
}

export function evolvePurchases(purchases: Purchases, { type, data }: RecordedEvent): Purchases {
  switch (type) {
    case profileEvents.PurchaseRecorded.type:
    case profileEvents.RefundRecorded.type:
      return withPurchase(
        purchases,
        (data as DataOf<typeof profileEvents.PurchaseRecorded>).purchaseId,
        'counts',
      );
    case profileEvents.PurchaseVoided.type:
      return withPurchase(
        purchases,
        (data as DataOf<typeof profileEvents.PurchaseVoided>).purchaseId,
        'voided',
      );
    default:
      return purchases;
  }
}

function withPurchase({ byId }: Purchases, id: string, state: 'counts' | 'voided'): Purchases {
  return { byId: new Map(byId).set(id, state) };
}
