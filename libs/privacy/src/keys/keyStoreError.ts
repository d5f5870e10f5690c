export type KeyStoreFailure =
  'missing' | 'insecure' | 'damaged' | 'read-only' | 'full' | 'closed' | 'unavailable';

/** What the key store could not do. The message names paths and settings, never keys or their owners. */
export class KeyStoreError extends Error {
  override readonly name = 'KeyStoreError';

  constructor(
    readonly failure: KeyStoreFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
