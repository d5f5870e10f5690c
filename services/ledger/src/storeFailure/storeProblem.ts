import type { ServiceRuntime } from '@rapport/event-sourcing';
import { StoreError } from '@rapport/event-store';
import { overloaded, Problem } from '@rapport/platform';

export type Alert = ServiceRuntime['alert'];

/** What the store answers; its failures as `unavailable`. */
export async function fromStore<T>(alert: Alert, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw storeProblem(alert, error);
  }
}

/** A failure of the store as its sender can act on it; a damaged store is also told to the operator. */
export function storeProblem(alert: Alert, error: unknown): unknown {
  if (!(error instanceof StoreError) || error.failure === 'invalid') return error;
  if (error.failure === 'damaged') {
    alert('event store damaged', { error: error.message });
    // No promise that repeating helps: it does not.
    const detail = 'The event store is damaged. An operator must restore it from a backup.';
    return new Problem({ kind: 'unavailable', detail }, { cause: error });
  }
  if (error.failure === 'overloaded') return overloaded('the event store');
  return new Problem(
    {
      kind: 'unavailable',
      detail:
        error.failure === 'full'
          ? 'The disk of the event store is full. Nothing was recorded; make room and repeat the request.'
          : 'The event store does not answer. Repeat the request with the same Idempotency-Key.',
      retryAfter: 2,
    },
    { cause: error },
  );
}
