/**
 * A sealed field does not open where it stands: it was altered, or moved from another stream, type, field or
 * command. Never something to retry or to blank.
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
