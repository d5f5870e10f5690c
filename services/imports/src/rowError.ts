/** A row that cannot be taken over; the message names the column and says what to do. */
export class RowError extends Error {
  override readonly name = 'RowError';

  constructor(column: string, message: string) {
    super(`${column}: ${message}`);
  }
}
