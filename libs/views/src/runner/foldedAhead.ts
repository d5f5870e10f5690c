import { ViewStoreError } from '../viewStoreError.ts';

/**
 * The store refused a document on which later events were folded already: what is not committed is folded again from the
 * checkpoint, with that key parked. Whoever works between two batches meanwhile may try again.
 */
export class FoldedAhead extends ViewStoreError {
  constructor(projection: string) {
    super('unavailable', `${projection} folds again from its checkpoint: a document was refused`);
  }
}
