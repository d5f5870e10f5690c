import { accessSync, closeSync, constants, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'libsql';
import { StoreError } from '../eventStore.ts';
import { storeErrorOf } from './sqliteFailure.ts';

/**
 * One process per data folder. SQLite would let two processes write events.sqlite in turn, each with its own
 * idea of heads and of who follows; so a second file, lock.sqlite, stays exclusively locked while the store is
 * open. The kernel holds the lock (fcntl) and drops it with the process, however that ends. Readers of
 * events.sqlite are not hindered.
 *
 * Nothing else in this process may open and close lock.sqlite: that would drop the lock (POSIX).
 */
export class DirectoryLock {
  private constructor(private readonly db: Database.Database) {}

  /** @throws StoreError `in-use`, `read-only`, `full`, `unavailable` */
  static take(directory: string): DirectoryLock {
    prepareDirectory(directory);
    const file = join(directory, 'lock.sqlite');
    let db: Database.Database | undefined;
    try {
      db = new Database(file, { timeout: 0 } as Database.Options);
      db.exec('BEGIN EXCLUSIVE');
      return new DirectoryLock(db);
    } catch (error) {
      db?.close();
      if ((error as { code?: unknown }).code !== 'SQLITE_BUSY') throw storeErrorOf(error, file);
      throw new StoreError(
        'in-use',
        `the data folder ${directory} is in use by another process: stop that one or choose another folder`,
      );
    }
  }

  release(): void {
    // Explicitly: libsql closes a connection only once its statements are collected.
    this.db.exec('ROLLBACK');
    this.db.close();
  }
}

function prepareDirectory(directory: string): void {
  try {
    const created = mkdirSync(directory, { recursive: true, mode: 0o700 });
    // The new folder's name is in its parent, which must survive a power cut like what is written inside.
    if (created !== undefined) syncDirectory(dirname(created));
    accessSync(directory, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw storeErrorOf(error, directory);
  }
}

function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
