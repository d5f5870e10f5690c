import { formatPositionToken, type Actor, type QueryAnswer } from '@rapport/contracts';
import type { Ledger } from '@rapport/event-sourcing';
import { querySubject, type RequestClient } from '@rapport/messaging';
import { Problem, type MonotonicClock, type Timers } from '@rapport/platform';

/** Patience with the projector, in ms; a question waits two seconds at its side. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 100;

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
    timers,
  }: {
    readonly ledger: Pick<Ledger, 'head'>;
    readonly requests: RequestClient;
    readonly monotonic: MonotonicClock;
    readonly timers: Timers;
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
    await timers.sleep(PAUSE_MS);
  } while (monotonic.now() < deadline);
  throw new Problem({
    kind: 'unavailable',
    detail: 'The views are behind the log, so that companies cannot be found by name: import again later.',
    retryAfter: 30,
  });
}
