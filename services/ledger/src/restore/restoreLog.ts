import { ledgerEvents, profileEvents, streamName, type Envelope } from '@rapport/contracts';
import { StoreError, type EventStore } from '@rapport/event-store';
import { eraseAgain, UsageError } from '@rapport/hosting';
import { destroyErased, KeyStoreError, foreignKeys, type KeyStore } from '@rapport/privacy';
import type { Clock, Random } from '@rapport/platform';
import { readLineage, type LogLineage } from '../logIdentity/logLineage.ts';
import { encodeOwnEvent, ownEvent } from '../recording/ownEvent.ts';
import type { ErasedPerson } from './erasedPersons.ts';
import { recordErasures, sortErasures } from './recordErasures.ts';

/** What the operator says of a restore. */
export interface RestoreChoices {
  /** Who was erased after the backup was taken. */
  readonly erased: readonly ErasedPerson[];
  /** Log that the keys are bound to, where the restored one never was that: both come from the same older one. */
  readonly keysOf?: string;
}

export interface Restore extends RestoreChoices {
  readonly tenant: string;
  /** The restored log. Nobody else uses it meanwhile. */
  readonly store: EventStore;
  /** Its keys: of the same backup, or kept. */
  readonly keys: KeyStore;
  readonly clock: Clock;
  readonly random: Random;
}

export interface Restored {
  readonly logId: string;
  readonly formerLogId: string;
  readonly forkIndex: number;
  /** Persons whose erasure was recorded again. */
  readonly erasedAgain: number;
  /** Persons whose erasure was asked for and whom the restored log does not know. */
  readonly unknown: number;
  /** Events about persons that this release cannot read: erasures that were not carried out, if they are any. */
  readonly unread: number;
}

/**
 * Makes a restored log one of its own: it goes on under a new identity, erases again, and takes its keys along.
 *
 * Binding the keys comes last. Cut off before, log and keys name different logs, and nothing starts on them: this is
 * run again, and begins another identity, which is harmless, because nobody has seen the one before. Taking up the
 * former attempt would not be: it looks like a backup that was taken just after an earlier restore.
 *
 * @throws UsageError, KeyStoreError `foreign` or `missing` before anything is changed; StoreError
 */
export async function restoreLog(restore: Restore): Promise<Restored> {
  const { tenant, store, keys, erased } = restore;
  const lineage = await readLineage(store, tenant);
  if (lineage === undefined) {
    throw new UsageError(`there is no log of tenant ${tenant}: put the log of the backup in its place first`);
  }
  const bound = await boundOf(restore, lineage);
  const erasures = await sortErasures(store, erased);

  const begun = await beginAnotherLog(restore, lineage);
  const recordedAt = restore.clock.now();
  const { logId } = begun;
  const erasedAgain = await recordErasures(store, erasures.known, { tenant, logId, recordedAt });
  let unread = 0;
  await eraseAgain(store, keys, () => void (unread += 1));
  // Of these the log holds nothing; what keys there may be are of newer copies.
  await destroyErased(
    erasures.unknown.map(
      (data) => ({ type: profileEvents.PersonErased.type, tenant, data }) as Envelope<unknown>,
    ),
    keys,
  );
  await keys.rebind(bound, logId);
  return { ...begun, erasedAgain, unknown: erasures.unknown.length, unread };
}

/** The log that the keys are bound to, which must be one that the restored log was. */
async function boundOf({ keys, keysOf }: Restore, { logId, former }: LogLineage): Promise<string> {
  const bound = await keys.boundLog();
  if (bound === undefined) {
    throw new KeyStoreError(
      'missing',
      'the keys are bound to no log: they are new and open nothing. Put the keys back that belong to the log',
    );
  }
  if (bound === logId || bound === keysOf || former.some((log) => log.logId === bound)) return bound;
  throw foreignKeys(`the key store, bound to log ${bound},`);
}

/** @throws StoreError `in-use` where somebody records meanwhile */
async function beginAnotherLog(
  { tenant, store, clock, random }: Restore,
  lineage: LogLineage,
): Promise<Pick<Restored, 'logId' | 'formerLogId' | 'forkIndex'>> {
  const now = clock.now();
  const stream = streamName('log', tenant);
  const { headRevision } = await store.readStream(stream, { limit: 1 });
  const { index: forkIndex } = await store.head();
  const data = { logId: random.uuidv7(now), formerLogId: lineage.logId, forkIndex };
  const result = await store.append([
    encodeOwnEvent({
      tenant,
      stream,
      expectedRevision: headRevision,
      commandId: data.logId,
      recordedAt: now,
      event: ownEvent(ledgerEvents.LogRestored, data),
    }),
  ]);
  if (result.status !== 'appended' || result.events[0]!.index !== forkIndex + 1) {
    throw new StoreError(
      'in-use',
      'somebody recorded in the log while it was restored: stop every ledger that uses it, then restore again from the backup',
    );
  }
  return data;
}
