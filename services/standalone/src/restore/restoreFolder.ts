import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EmbeddedEventStore, StoreError } from '@rapport/event-store';
import { UsageError } from '@rapport/hosting';
import { systemClock, systemRandom } from '@rapport/platform';
import { EmbeddedKeyStore } from '@rapport/privacy';
import { restoreLog, type Restored, type RestoreChoices } from '@rapport/service-ledger';
import { copyAtRest, isThere, KEPT, settle, sync } from '../backup/databaseFile.ts';
import { RESTORING } from '../composition/dataFolder.ts';
import { TENANT } from '../composition/standalone.ts';

/** undefined: an earlier run had done everything but moving to its place. */
type Outcome = Restored | undefined;

/**
 * Restores a backup into a data folder that has neither log nor keys. It is made ready in a folder of its own inside
 * and moved to its place last, keys before the log: while the log is missing, nothing starts there. Cut off at any
 * point, the same again leads to the same end.
 *
 * @throws UsageError, StoreError, KeyStoreError
 */
export async function restoreFrom(backup: string, data: string, choices: RestoreChoices): Promise<Outcome> {
  const [log, keys] = KEPT;
  for (const file of KEPT) {
    if (!isThere(join(backup, file)))
      throw new UsageError(`there is no ${file} in ${backup}: that is no backup`);
  }
  const staging = join(data, RESTORING);
  if (isThere(join(data, log))) {
    if (existsSync(staging) && !isThere(join(staging, log))) {
      clear(staging);
      return undefined;
    }
    throw new UsageError(`${data} has a log: choose a new folder with --data, or leave out --from`);
  }
  const readyToMove = isThere(join(staging, log)) && !isThere(join(staging, keys));
  if (isThere(join(data, keys))) {
    if (!readyToMove) {
      throw new UsageError(
        `${data} has keys: choose a new folder with --data, or put the log beside them and leave out --from`,
      );
    }
    move(staging, data, [log]);
    return undefined;
  }
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true, mode: 0o700 });
  for (const file of KEPT) copyAtRest(join(backup, file), join(staging, file));
  const restored = await restoreStores(staging, choices);
  for (const file of KEPT) settle(join(staging, file));
  sync(staging);
  move(staging, data, [keys, log]);
  return restored;
}

/**
 * Makes the log that was put into a data folder one of its own. Views that are newer than the log begin again by
 * themselves.
 *
 * @throws UsageError, StoreError, KeyStoreError
 */
export async function restoreInPlace(data: string, choices: RestoreChoices): Promise<Restored> {
  if (existsSync(join(data, RESTORING))) {
    throw new UsageError(`a restore from a backup into ${data} was cut off: run it again with --from`);
  }
  if (!isThere(join(data, KEPT[0]))) {
    throw new UsageError(
      `there is no ${KEPT[0]} in ${data}: put the backup's log there, or name it with --from`,
    );
  }
  return restoreStores(data, choices);
}

async function restoreStores(directory: string, choices: RestoreChoices): Promise<Restored> {
  const store = await EmbeddedEventStore.open({ directory });
  try {
    const keys = await EmbeddedKeyStore.open({ directory, mustExist: true });
    try {
      return await restoreLog({
        ...choices,
        tenant: TENANT,
        store,
        keys,
        clock: systemClock,
        random: systemRandom,
      });
    } finally {
      await keys.close();
    }
  } finally {
    await store.close();
  }
}

function move(staging: string, data: string, files: readonly string[]): void {
  for (const file of files) {
    // Left of another database of this name, it would be taken for this one's.
    for (const companion of ['-wal', '-shm']) rmSync(join(data, file + companion), { force: true });
    renameSync(join(staging, file), join(data, file));
    sync(data);
  }
  clear(staging);
}

function clear(staging: string): void {
  try {
    rmSync(staging, { recursive: true });
  } catch (cause) {
    throw new StoreError(
      'unavailable',
      `${staging} is not needed any more and cannot be removed: remove it`,
      { cause },
    );
  }
}
