import Database from 'libsql';
import { StoreError } from '../eventStore.ts';
import { createSchema, isEmpty, pragma } from './schema.ts';

/** How long a connection waits for a lock that a foreign tool holds on the file, in milliseconds. */
const LOCK_WAIT = 5_000;

/**
 * The one connection that writes. In WAL mode with synchronous=FULL a COMMIT returns after the log was synced to
 * disk; both settings are asserted, because an append would otherwise be answered before it is durable.
 */
export function openWriterConnection(file: string, pageBytes: number): Database.Database {
  const db = new Database(file, { timeout: LOCK_WAIT } as Database.Options);
  // Asked before anything is changed: a foreign file must stay as it is, its journal mode too.
  const empty = isEmpty(db, file);
  assertDurable(db, file);
  if (empty) createSchema(db);
  // A cache that holds the busy part of the streams' index; a log that shrinks again after a long reader.
  db.exec(`PRAGMA cache_size = ${cacheSize(pageBytes)}`);
  db.exec('PRAGMA journal_size_limit = 67108864');
  return db;
}

function assertDurable(db: Database.Database, file: string): void {
  db.exec('PRAGMA synchronous = FULL');
  const mode = pragma(db, 'journal_mode = WAL');
  const level = pragma(db, 'synchronous');
  if (mode !== 'wal' || level !== 2) {
    throw new StoreError(
      'unavailable',
      `${file}: SQLite runs with journal_mode ${String(mode)} and synchronous ${String(level)}, not wal and 2 ` +
        '(FULL): the folder must lie on a local disk',
    );
  }
}

/** A connection that only reads, beside the writer's: it sees what was committed, hence what is durable. */
export function openReaderConnection(file: string, pageBytes: number): Database.Database {
  const db = new Database(file, { timeout: LOCK_WAIT } as Database.Options);
  db.exec(`PRAGMA query_only = ON; PRAGMA cache_size = ${cacheSize(pageBytes)}`);
  return db;
}

/** SQLite counts KiB where the number is negative; with 0 it would take its own default. */
function cacheSize(bytes: number): number {
  return -Math.max(1, Math.floor(bytes / 1024));
}
