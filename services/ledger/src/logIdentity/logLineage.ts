import { ledgerEvents, streamName, type DataOf } from '@rapport/contracts';
import { allReadable } from '@rapport/event-sourcing';
import type { EventStore } from '@rapport/event-store';
import { readEvent } from '@rapport/privacy';

/** A log that this one was, up to a restore from a backup. */
export interface FormerLog {
  readonly logId: string;
  /** Index of the last event that the restored log has from it. */
  readonly forkIndex: number;
}

/** Which log this is, and which ones it was: an index means something only together with a logId (contract.md). */
export interface LogLineage {
  readonly logId: string;
  /** Oldest first; empty for a log that was never restored. */
  readonly former: readonly FormerLog[];
}

const { LogOpened, LogRestored } = ledgerEvents;

/**
 * The identity of the tenant's log: that of the last LogOpened or LogRestored in its stream.
 *
 * @returns undefined where the store has no log of this tenant
 * @throws UnreadableStream: without an identity nothing of it means anything
 */
export async function readLineage(
  store: Pick<EventStore, 'readStream'>,
  tenant: string,
): Promise<LogLineage | undefined> {
  let logId: string | undefined;
  const former: FormerLog[] = [];
  for (let fromRevision = 0; ;) {
    const { events, headRevision } = await store.readStream(streamName('log', tenant), { fromRevision });
    for (const { type, data, index } of allReadable(events.map(readEvent))) {
      if (type !== LogOpened.type && type !== LogRestored.type) continue;
      // Its own place says where it forked; the index in its data is for those who see the event alone.
      if (logId !== undefined) former.push({ logId, forkIndex: index! - 1 });
      ({ logId } = data as unknown as DataOf<typeof LogOpened>);
    }
    fromRevision = (events.at(-1)?.revision ?? headRevision) + 1;
    if (fromRevision > headRevision) return logId === undefined ? undefined : { logId, former };
  }
}

/** Under which identity the event of an index was recorded: what a Merkle leaf or a fact of it names. */
export function logIdAt({ logId, former }: LogLineage, index: number): string {
  return former.find(({ forkIndex }) => index <= forkIndex)?.logId ?? logId;
}

/** Where a restored log left the one that it was. */
export interface LogFork {
  readonly formerLogId: string;
  /** Index of the last event that both have. */
  readonly forkIndex: number;
}

/** Where it was restored last; undefined for one that was never restored. */
export function forkOf({ former }: LogLineage): LogFork | undefined {
  const last = former.at(-1);
  return last && { formerLogId: last.logId, forkIndex: last.forkIndex };
}
