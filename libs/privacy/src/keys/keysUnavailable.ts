/**
 * The key store can't answer now. A projection waits, a query answers 503: nothing is blanked and nothing is
 * parked (contract.md), since the same event can be opened when the store is back.
 */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';

  constructor(options?: ErrorOptions) {
    super('the key store does not answer: nothing can be sealed or opened until it does', options);
  }
}
