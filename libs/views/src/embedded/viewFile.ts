import Database from 'libsql';
import type { ViewStoreFailure } from '../viewStoreError.ts';
import { ViewStoreError } from '../viewStoreError.ts';

/** `RPVW`: marks the file as ours. */
const APPLICATION_ID = 0x52505657;

/**
 * Layout of the file; a newer one is refused, not guessed at, an older one is emptied and filled again from the log.
 * 2: columns for indexed fields.
 */
const LAYOUT = 2;

/** `live`: 1 for the version that answers, 2 for the one kept beside it, else 0. */
const TABLES = `
  CREATE TABLE IF NOT EXISTS views (
    name TEXT NOT NULL, version INTEGER NOT NULL, live INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (name, version));
  CREATE TABLE IF NOT EXISTS epochs (
    projection TEXT PRIMARY KEY, epoch INTEGER NOT NULL, owner TEXT NOT NULL, beat INTEGER NOT NULL,
    released INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS checkpoints (
    projection TEXT PRIMARY KEY, log_id TEXT NOT NULL, idx INTEGER NOT NULL, position INTEGER NOT NULL,
    counts TEXT);
  CREATE TABLE IF NOT EXISTS parked (
    projection TEXT NOT NULL, key TEXT NOT NULL, idx INTEGER NOT NULL, stream TEXT NOT NULL, reason TEXT NOT NULL,
    PRIMARY KEY (projection, key));`;

/**
 * Opens the file for writing and makes it ours if it is new.
 *
 * synchronous=NORMAL does not wait for the disk at each commit. That is enough for views: documents and checkpoint
 * are in one file, and after a power cut SQLite keeps a prefix of the commits in its write-ahead log (frames carry
 * running checksums, and the log is synced before it is moved into the file). The checkpoint is committed after the
 * documents that it speaks of, so it is never found without them; what is lost is folded again from the log.
 *
 * @throws ViewStoreError `damaged`, `newer`, `read-only`, …
 */
export function openForWriting(path: string, pageBytes: number): Database.Database {
  return guarded(path, () => {
    const file = new Database(path, { timeout: 5_000 });
    try {
      assertOurs(file, path);
      file.exec('PRAGMA journal_mode = WAL');
      file.exec('PRAGMA synchronous = NORMAL');
      file.exec(`PRAGMA cache_size = ${cacheSize(pageBytes)}`);
      file.exec('PRAGMA wal_autocheckpoint = 4000');
      file.exec('PRAGMA journal_size_limit = 67108864');
      assertPragma(file, path, 'journal_mode', 'wal');
      assertPragma(file, path, 'synchronous', 1);
      file.exec('BEGIN IMMEDIATE');
      if (Number(pragma(file, 'user_version')) < LAYOUT) empty(file);
      file.exec(TABLES);
      addCounts(file);
      // The file's lock is ours, so every owner of an earlier process is gone: nobody need wait out its lease.
      file.exec('UPDATE epochs SET released = 1');
      file.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
      file.exec(`PRAGMA user_version = ${LAYOUT}`);
      file.exec('COMMIT');
    } catch (error) {
      file.close();
      throw error;
    }
    return file;
  });
}

/** Opens what a writer has already opened, for reading only. libsql ignores `readonly`, hence query_only. */
export function openForReading(path: string, pageBytes: number): Database.Database {
  return guarded(path, () => {
    const file = new Database(path, { timeout: 5_000 });
    file.exec('PRAGMA query_only = ON');
    file.exec(`PRAGMA cache_size = ${cacheSize(pageBytes)}`);
    return file;
  });
}

/** SQLite counts KiB where the number is negative; with 0 it would take its own default. */
function cacheSize(bytes: number): number {
  return -Math.max(1, Math.floor(bytes / 1024));
}

/**
 * Holds `<path>.lock` until closed or until the process ends, however it ends.
 *
 * @throws ViewStoreError `in-use`
 */
export function lockFile(path: string): Database.Database {
  return guarded(path, () => {
    const lock = new Database(`${path}.lock`, { timeout: 0 });
    try {
      lock.exec('PRAGMA locking_mode = EXCLUSIVE');
      lock.exec('BEGIN EXCLUSIVE');
    } catch (error) {
      lock.close();
      if (codeOf(error).startsWith('SQLITE_BUSY')) {
        throw new ViewStoreError(
          'in-use',
          `${path} is in use by another process: stop it or use another folder`,
        );
      }
      throw error;
    }
    return lock;
  });
}

/** Runs what touches the file; its failures come out as ViewStoreError. */
export function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asViewStoreError(error, path);
  }
}

export function asViewStoreError(error: unknown, path: string): unknown {
  if (error instanceof ViewStoreError || !(error instanceof Error)) return error;
  const failure = failureOf(error);
  return failure === undefined
    ? error
    : new ViewStoreError(failure, ADVICE[failure]!(path), { cause: error });
}

const REBUILD = 'delete it with its -wal and -shm, it is rebuilt from the log';

const ADVICE: Partial<Record<ViewStoreFailure, (path: string) => string>> = {
  damaged: (path) => `${path} is damaged or no view file: ${REBUILD}`,
  full: (path) => `no space left for ${path}: free some`,
  'read-only': (path) =>
    `${path} cannot be opened for writing: check that folder and file exist and are writable`,
  unavailable: (path) => `${path} cannot be read or written just now`,
};

function failureOf(error: Error): ViewStoreFailure | undefined {
  const code = codeOf(error);
  if (/^SQLITE_(NOTADB|CORRUPT)/.test(code)) return 'damaged';
  if (code.startsWith('SQLITE_FULL')) return 'full';
  if (/^SQLITE_(READONLY|CANTOPEN|PERM|AUTH)/.test(code)) return 'read-only';
  if (/^SQLITE_(BUSY|LOCKED|IOERR|NOMEM)/.test(code)) return 'unavailable';
  // libsql reports a file that it cannot open without a code.
  return /Unable to open|ConnectionFailed/.test(error.message) ? 'read-only' : undefined;
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? code : '';
}

function assertOurs(file: Database.Database, path: string): void {
  const id = pragma(file, 'application_id');
  const layout = Number(pragma(file, 'user_version'));
  const [[tables]] = file.prepare('SELECT count(*) FROM sqlite_master').raw().all() as [[number]];
  if (id === 0 && layout === 0 && tables === 0) return;
  if (id !== APPLICATION_ID) {
    throw new ViewStoreError(
      'damaged',
      `${path} was made by another program: name another file or remove it`,
    );
  }
  if (layout > LAYOUT) {
    throw new ViewStoreError('newer', `${path} was made by a newer version: use that version, or ${REBUILD}`);
  }
}

/** Without checkpoints, every view starts again from the log. */
function empty(file: Database.Database): void {
  const tables = file
    .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'`)
    .raw()
    .all() as [string][];
  for (const [table] of tables) file.exec(`DROP TABLE "${table}"`);
}

/** Files that were made before there were counts: what is in them stays. */
function addCounts(file: Database.Database): void {
  const columns = file.prepare('SELECT name FROM pragma_table_info(?)').raw().all('checkpoints') as [
    string,
  ][];
  if (columns.every(([name]) => name !== 'counts'))
    file.exec('ALTER TABLE checkpoints ADD COLUMN counts TEXT');
}

function assertPragma(file: Database.Database, path: string, name: string, expected: unknown): void {
  if (pragma(file, name) !== expected) {
    throw new ViewStoreError('unavailable', `${path} cannot be used: ${name} is not ${String(expected)}`);
  }
}

function pragma(file: Database.Database, name: string): unknown {
  const [row] = file.prepare(`PRAGMA ${name}`).raw().all() as unknown[][];
  return row?.[0];
}
