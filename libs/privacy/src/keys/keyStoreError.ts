export type KeyStoreFailure =
  'missing' | 'foreign' | 'insecure' | 'damaged' | 'read-only' | 'full' | 'closed' | 'unavailable';

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

/** @param keys `key file /data/keys.sqlite` */
export function foreignKeys(keys: string): KeyStoreError {
  return new KeyStoreError(
    'foreign',
    `${keys} belongs to another log than the one beside it: put log and keys of the same backup together. Nothing was changed`,
  );
}
