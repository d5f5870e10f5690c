import Database from 'libsql';
import { StoreError } from '../eventStore.ts';
import { pragma, prepareSchema } from './schema.ts';

/** How long a connection waits for a lock that a foreign tool holds on the file, in milliseconds. */
const LOCK_WAIT = 5_000;

/**
 * The one connection that writes. In WAL mode with synchronous=FULL a COMMIT returns after the log was synced to
 * disk; both settings are asserted, because an append would otherwise be answered before it is durable.
 */
export function openWriterConnection(file: string): Database.Database {
  const db = new Database(file, { timeout: LOCK_WAIT } as Database.Options);
  prepareSchemaIn(db, file);

  for (const setting of [
    'wal_autocheckpoint = 4096',
    'journal_size_limit = 67108864',
    'cache_size = -65536',
  ]) {
    db.exec(`PRAGMA ${setting}`);
  }
  return db;
}

function prepareSchemaIn(db: Database.Database, file: string): void {
  // Asked before anything is changed: a foreign file must stay as it is, its journal mode too.
  if (pragma(db, 'application_id') === 0) prepareSchemaIfEmpty(db, file);
  assertDurable(db, file);
  prepareSchema(db, file);
}

function prepareSchemaIfEmpty(db: Database.Database, file: string): void {
  const [objects] = db.prepare('SELECT count(*) FROM sqlite_master').raw().get() as [number];
  if (objects !== 0) prepareSchema(db, file);
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
export function openReaderConnection(file: string): Database.Database {
  const db = new Database(file, { timeout: LOCK_WAIT } as Database.Options);
  db.exec('PRAGMA query_only = ON; PRAGMA cache_size = -16384');
  return db;
}
