import type { EventStore, StoredEvent } from '@rapport/event-store';

const PAGE = 1_000;

/** Events of a stream as stored from a revision on, oldest first, as many pages as it takes; at most `limit`. */
export async function streamEvents(
  store: Pick<EventStore, 'readStream'>,
  stream: string,
  fromRevision: number,
  limit = Infinity,
): Promise<readonly StoredEvent[]> {
  const events: StoredEvent[] = [];
  for (let next = fromRevision; events.length < limit;) {
    const slice = await store.readStream(stream, {
      fromRevision: next,
      limit: Math.min(PAGE, limit - events.length),
    });
    events.push(...slice.events);
    next = (slice.events.at(-1)?.revision ?? slice.headRevision) + 1;
    if (slice.events.length === 0 || next > slice.headRevision) break;
  }
  return events;
}
