/**
 * `unexpected`: nobody knows what it is, so nobody can say that it will not pass. `refused`: a document that no engine
 * is asked to keep, however often.
 */
export type ViewStoreFailure =
  | 'unavailable'
  | 'full'
  | 'unexpected'
  | 'closed'
  | 'invalid'
  | 'refused'
  | 'in-use'
  | 'read-only'
  | 'damaged'
  | 'newer';

/** What the view store could not do. The message names paths and settings, never a document's content. */
export class ViewStoreError extends Error {
  override readonly name = 'ViewStoreError';

  constructor(
    readonly failure: ViewStoreFailure,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }

  /** Whether trying again later can help without anybody restarting or repairing something. */
  get transient(): boolean {
    return ['unavailable', 'full', 'unexpected'].includes(this.failure);
  }
}

export function invalidView(message: string): ViewStoreError {
  return new ViewStoreError('invalid', message);
}
