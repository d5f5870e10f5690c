import { formatPositionToken, type Actor, type QueryAnswer } from '@rapport/contracts';
import type { Ledger } from '@rapport/event-sourcing';
import { querySubject, type RequestClient } from '@rapport/messaging';
import type { MonotonicClock, Timers } from '@rapport/platform';

/** Patience with the projector, in ms; a question waits two seconds at its side. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 100;

/**
 * Resolves when the view of customers shows everything that was recorded when this was called.
 *
 * @returns false when it does not in half a minute
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
): Promise<boolean> {
  const { logId, position } = await ledger.head();
  if (position < 0) return true;
  const after = formatPositionToken({ logId, position });
  const deadline = monotonic.now() + PATIENCE_MS;
  do {
    const { stale } = await requests.request<QueryAnswer>(querySubject('customers.list'), {
      parameters: { limit: 1 },
      actor,
      after,
    });
    if (!stale) return true;
    await timers.sleep(PAUSE_MS);
  } while (monotonic.now() < deadline);
  return false;
}
