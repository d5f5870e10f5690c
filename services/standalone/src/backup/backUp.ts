import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from '@rapport/hosting';
import { copyInUse, isThere, KEPT, sync } from './databaseFile.ts';

/**
 * Copies log and keys of a data folder, in use or not, into a new folder, which appears when it is whole.
 *
 * The log is copied first: a key is durable before anything that it sealed, so the keys copied after it hold whatever
 * the log needs. Whoever is erased in between is erased in these keys already.
 *
 * @throws UsageError, StoreError, and the system's errors
 */
export function backUp(data: string, to: string): void {
  for (const file of KEPT) {
    if (!isThere(join(data, file))) {
      throw new UsageError(`there is no ${file} in ${data}: name the data folder with --data`);
    }
  }
  const unfinished = `${to}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  for (const file of KEPT) copyInUse(join(data, file), join(unfinished, file));
  sync(unfinished);
  try {
    renameSync(unfinished, to);
  } catch (cause) {
    throw new UsageError(`${to} is there already: name a new folder with --to`, { cause });
  }
  sync(dirname(to));
}
