/**
 * A sealed field does not open where it stands: it was altered, or moved from another stream, event, field, person
 * or command. Never something to retry or to blank.
 */
export class TamperedFieldError extends Error {
  override readonly name = 'TamperedFieldError';

  /** @param place the authenticated data: where the field stands; holds no personal data */
  constructor(
    readonly place: string,
    reason: string,
  ) {
    super(
      `sealed field ${place} ${reason}: the stored data were altered or moved; compare with a backup and verify`,
    );
  }
}

/** A field was sealed in a form that this release does not know: readers are deployed before writers. */
export class UnknownSealError extends Error {
  override readonly name = 'UnknownSealError';

  /** @param place the authenticated data: where the field stands; holds no personal data */
  constructor(
    readonly place: string,
    version: unknown,
  ) {
    const form = Number.isSafeInteger(version) ? `form ${version as number}` : 'an unknown form';
    super(`sealed field ${place} has ${form}: deploy the release that opens it first`);
  }
}
