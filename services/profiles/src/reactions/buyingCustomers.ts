import { isUnreadable, profileEvents, type DataOf } from '@rapport/contracts';
import type { Ledger } from '@rapport/event-sourcing';

/** Ids of all customers that ever bought, as the log says up to its head: the only ones with a standing. */
export async function buyingCustomers(ledger: Ledger): Promise<readonly string[]> {
  const ids = new Set<string>();
  const { position } = await ledger.head();
  const reading = new AbortController();
  try {
    if (position < 0) return [];
    for await (const events of ledger.follow(-1, reading.signal)) {
      for (const event of events) {
        if (event.type !== profileEvents.PurchaseYearOpened.type) continue;
        // Whose events cannot be read is reviewed when they can be: its reaction is parked.
        if (isUnreadable(event)) continue;
        ids.add((event.data as DataOf<typeof profileEvents.PurchaseYearOpened>).customerId);
      }
      if (events.at(-1)!.position >= position) break;
    }
  } finally {
    reading.abort();
  }
  return [...ids];
}
