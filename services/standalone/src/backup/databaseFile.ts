import { chmodSync, closeSync, copyFileSync, fsyncSync, openSync, rmSync, statSync } from 'node:fs';
import Database from 'libsql';
import { StoreError } from '@rapport/event-store';

/** What makes up the history: the log, and the keys that open it. Views are made again. In the order of a backup. */
export const KEPT = ['events.sqlite', 'keys.sqlite'] as const;

export function isThere(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** Copies a database as it is at one moment, while its process works on; only the owner may read the copy. */
export function copyInUse(from: string, to: string): void {
  withDatabase(from, (db) => {
    // Made before, so that it is never readable by others: VACUUM INTO takes an empty file.
    closeSync(openSync(to, 'wx', 0o600));
    db.prepare('VACUUM INTO ?').run(to);
  });
  sync(to);
}

/** Copies a database that nobody uses, with what its write-ahead log holds. */
export function copyAtRest(from: string, to: string): void {
  for (const companion of ['-wal', '']) {
    if (!isThere(from + companion)) continue;
    copyFileSync(from + companion, to + companion);
    chmodSync(to + companion, 0o600);
    sync(to + companion);
  }
}

/** Moves the write-ahead log into the file and drops it: from here on the file alone is the database. */
export function settle(path: string): void {
  withDatabase(path, (db) => {
    const [row] = db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
    if (row?.busy !== 0)
      throw new StoreError('in-use', `${path} is in use by another process: stop that one`);
  });
  sync(path);
  for (const companion of ['-wal', '-shm']) rmSync(path + companion, { force: true });
}

/** Makes what was written into a file, or the names in a folder, survive a power cut. */
export function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function withDatabase(path: string, work: (db: Database.Database) => void): void {
  const db = new Database(path, { timeout: 5_000 } as Database.Options);
  try {
    work(db);
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    const { code = '', message } = cause as { code?: string; message: string };
    throw new StoreError('unavailable', `${path} cannot be copied: ${code} ${message}`, { cause });
  } finally {
    db.close();
  }
}
