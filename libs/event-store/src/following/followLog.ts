import { unlessAborted } from '@rapport/platform';
import { BEFORE_FIRST, type FollowOptions, type StoredEvent, StoreError } from '../eventStore.ts';
import { limitOf } from '../reading/readRange.ts';
import type { RecentEvents } from './recentEvents.ts';

/** Reads the store's events after a position; empty at the end of the store. */
export type ReadPage = (after: number, limit: number) => Promise<readonly StoredEvent[]>;

/**
 * Follows a log: pages while behind, events handed over in memory once level with them.
 *
 * Exactly once and in order, because each batch starts after the last position that was yielded, wherever it
 * comes from. Nothing is missed between looking and waiting, because the version is taken before looking.
 * A follower pulls: while it works nothing is kept for it, and when it comes back too late it reads pages again.
 * At its signal it ends, also while a read is never answered.
 *
 * @throws StoreError `invalid`, or what `read` or the store's end throws
 */
export async function* followLog(
  recent: RecentEvents,
  read: ReadPage,
  { after, signal, batchSize }: FollowOptions,
): AsyncGenerator<readonly StoredEvent[], void, undefined> {
  if (!Number.isSafeInteger(after) || after < BEFORE_FIRST) {
    throw new StoreError('invalid', 'after is out of range: send a position, or -1 for everything');
  }
  const limit = limitOf(batchSize);
  let at = after;
  while (!signal.aborted) {
    if (recent.failure !== undefined) throw recent.failure;
    if (recent.ended) return;
    const version = recent.version;
    const events = recent.after(at, limit) ?? (await unlessAborted(read(at, limit), signal)) ?? [];
    if (events.length === 0) await recent.changed(version, signal);
    else if (!signal.aborted) {
      at = events[events.length - 1]!.position;
      yield events;
    }
  }
}
