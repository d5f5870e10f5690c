/** The view knows more than the log: one of them was exchanged, though the log's id says that it was not. */
export class LogMismatch extends Error {
  override readonly name = 'LogMismatch';

  constructor(projection: string, checkpoint: number, head: number) {
    super(
      `${projection} has folded up to position ${checkpoint}, but its log ends at ${head}: ` +
        'put the right log back, or delete the view so that it is rebuilt',
    );
  }
}
