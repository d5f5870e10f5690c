import { formatPositionToken, type Actor, type QueryAnswer } from '@rapport/contracts';
import type { Ledger } from '@rapport/event-sourcing';
import { querySubject, type RequestClient } from '@rapport/messaging';
import { Problem, type MonotonicClock } from '@rapport/platform';

/** Patience with the projector, in ms; each question waits a few seconds at its side. */
const PATIENCE_MS = 30_000;

/**
 * Resolves when the view of customers shows everything that was recorded when this was called.
 *
 * @throws Problem `unavailable` when it does not in half a minute
 */
export async function viewsAtHead(
  {
    ledger,
    requests,
    monotonic,
  }: {
    readonly ledger: Pick<Ledger, 'head'>;
    readonly requests: RequestClient;
    readonly monotonic: MonotonicClock;
  },
  actor: Actor,
): Promise<void> {
  const { logId, position } = await ledger.head();
  if (position < 0) return;
  const after = formatPositionToken({ logId, position });
  const deadline = monotonic.now() + PATIENCE_MS;
  do {
    const { stale } = await requests.request<QueryAnswer>(querySubject('customers.list'), {
      parameters: { limit: 1 },
      actor,
      after,
    });
    if (!stale) return;
  } while (monotonic.now() < deadline);
  throw new Problem({
    kind: 'unavailable',
    detail: 'The views are behind the log, so that companies cannot be found by name: import again later.',
    retryAfter: 30,
  });
}
