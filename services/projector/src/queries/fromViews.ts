import { Problem } from '@rapport/platform';
import { Fenced, ViewStoreError } from '@rapport/views';

/** What the views answer; that their store is away, or that another projector has just taken them over, as `unavailable`. */
export async function fromViews<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof Fenced) {
      throw unavailable('Another projector has taken this view over. Send the request again.', 1, cause);
    }
    if (cause instanceof ViewStoreError && (cause.transient || cause.failure === 'closed')) {
      throw unavailable('The views cannot be read right now. Commands are recorded all the same.', 2, cause);
    }
    throw cause;
  }
}

function unavailable(detail: string, retryAfter: number, cause: Error): Problem {
  return new Problem({ kind: 'unavailable', detail, retryAfter }, { cause });
}
