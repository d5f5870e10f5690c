import { profileEvents, type DataOf, type CurrentEvent } from '@rapport/contracts';
import { KeysUnavailable } from '@rapport/privacy';
import { Problem } from '@rapport/platform';
import { parseFen, type Fen } from '../standing/fen.ts';

/** Opens sealed fields of stored events: what reviews need of privacy, and no more. A SealedFieldCodec is one. */
export interface AmountOpener {
  /**
   * The event with these fields opened; an erased one is `{erased: true}`.
   *
   * @throws KeysUnavailable
   */
  open(event: CurrentEvent, paths: readonly string[]): CurrentEvent | Promise<CurrentEvent>;
}

/**
 * What a purchase was worth in CNY, in fen; negative for a refund.
 *
 * @param event PurchaseRecorded or RefundRecorded as stored
 * @throws Problem `unavailable` while its key cannot be had: a standing is never judged without an amount
 */
export async function openAmount(opener: AmountOpener, event: CurrentEvent): Promise<Fen> {
  let opened: CurrentEvent;
  try {
    opened = await opener.open(event, ['amount']);
  } catch (cause) {
    if (!(cause instanceof KeysUnavailable)) throw cause;
    throw new Problem(
      {
        kind: 'unavailable',
        detail: 'Amounts cannot be opened right now: the key store does not answer.',
        retryAfter: 1,
      },
      { cause },
    );
  }
  const { amount } = opened.data as Partial<DataOf<typeof profileEvents.PurchaseRecorded>>;
  // Erasing a person destroys no finance key: without the amount this would be another customer's history.
  if (typeof amount?.cny !== 'string') throw new TypeError(`${event.type} ${event.id} has no amount to open`);
  return parseFen(amount.cny);
}
