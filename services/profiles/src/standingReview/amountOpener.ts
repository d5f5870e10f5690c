import type { RecordedEvent } from '@rapport/contracts';

/** Nest's injection token of the AmountOpener. */
export const AMOUNT_OPENER = Symbol('AMOUNT_OPENER');

/** What this service reads of an opened amount. */
export interface OpenedAmount {
  /** Value in CNY, two decimals; negative for a refund. */
  readonly cny: string;
}

/** Opens the sealed amounts of purchases and refunds: what the standing service needs of privacy, and no more. */
export interface AmountOpener {
  /**
   * @param event PurchaseRecorded or RefundRecorded as stored: `data.amount` is sealed
   * @throws Problem `unavailable` while the key cannot be had: a standing is never judged without an amount
   */
  openAmount(event: RecordedEvent): OpenedAmount | Promise<OpenedAmount>;
}
