import { ledgerEvents, streamName } from '@rapport/contracts';
import { NO_STREAM, type EventStore } from '@rapport/event-store';
import type { Clock, Random } from '@rapport/platform';
import { encodeOwnEvent, ownEvent } from '../recording/ownEvent.ts';
import { readLineage, type LogLineage } from './logLineage.ts';

/**
 * The identity of the tenant's log: as its stream has it, or written where the store is empty.
 *
 * @returns the logId; an index or a position means something only together with it (contract.md)
 */
export async function openLog(
  store: EventStore,
  tenant: string,
  ports: { readonly clock: Clock; readonly random: Random },
): Promise<string> {
  return (await openLineage(store, tenant, ports)).logId;
}

/** The same, with the logs that it was before it was restored from a backup. */
export async function openLineage(
  store: EventStore,
  tenant: string,
  ports: { readonly clock: Clock; readonly random: Random },
): Promise<LogLineage> {
  // The head first: another ledger may open the log between the two looks.
  const { index } = await store.head();
  const known = await readLineage(store, tenant);
  if (known !== undefined) return known;
  if (index >= 0) {
    throw new Error(`the store holds events but no log of tenant ${tenant}: it belongs to another tenant`);
  }
  const now = ports.clock.now();
  const logId = ports.random.uuidv7(now);
  const result = await store.append([
    encodeOwnEvent({
      tenant,
      stream: streamName('log', tenant),
      expectedRevision: NO_STREAM,
      commandId: logId,
      recordedAt: now,
      event: ownEvent(ledgerEvents.LogOpened, { logId }),
    }),
  ]);
  // Another ledger opened the log in the same moment: its identity counts.
  return result.status === 'appended' ? { logId, former: [] } : openLineage(store, tenant, ports);
}
