/** Something that a figure needs is not there: the bench says so under the figure and goes on with the others. */
export class NotAvailable extends Error {
  override readonly name = 'NotAvailable';
}

/** The message of whatever was thrown. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
