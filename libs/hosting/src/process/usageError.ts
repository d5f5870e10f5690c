/** Raised for arguments that make no sense; the message is for the terminal. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
