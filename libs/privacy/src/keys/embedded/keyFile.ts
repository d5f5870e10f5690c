import { closeSync, fsyncSync, openSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KeyStoreError, type KeyStoreFailure } from '../keyStoreError.ts';

export const KEY_FILE = 'keys.sqlite';

/** SQLite's companions; it gives them the mode of the main file. */
export const KEY_FILES = [KEY_FILE, `${KEY_FILE}-wal`, `${KEY_FILE}-shm`] as const;

/**
 * Sees to it that the key file is there and only its owner may read it.
 *
 * @returns its path
 * @throws KeyStoreError `missing`, `insecure`, `read-only`, `full`
 */
export function prepareKeyFile(directory: string, mustExist: boolean): string {
  const path = join(directory, KEY_FILE);
  const there = statSync(path, { throwIfNoEntry: false }) !== undefined;
  if (!there && mustExist) throw missingKeyFile(path);
  if (!there) createKeyFile(path);
  for (const name of KEY_FILES) refuseOpenMode(join(directory, name));
  return path;
}

export function missingKeyFile(path: string): KeyStoreError {
  return new KeyStoreError(
    'missing',
    `key file ${path} is missing or empty: what the log holds sealed can't be read without it. Restore it from its backup; never start with a new one`,
  );
}

function createKeyFile(path: string): void {
  try {
    // Made before SQLite opens it, so that it is never readable by others, not even for a moment.
    const file = openSync(path, 'wx', 0o600);
    fsyncSync(file);
    closeSync(file);
    const directory = openSync(dirname(path), 'r');
    fsyncSync(directory);
    closeSync(directory);
  } catch (cause) {
    throw keyFileError(path, cause);
  }
}

function refuseOpenMode(path: string): void {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  // Windows has no such bits.
  if (mode === undefined || process.platform === 'win32' || (mode & 0o077) === 0) return;
  throw new KeyStoreError(
    'insecure',
    `key file ${path} is open to group or others: chmod 600 it, and consider who may have read it`,
  );
}

const FAILURES: readonly (readonly [prefix: string, failure: KeyStoreFailure, advice: string])[] = [
  ['SQLITE_FULL', 'full', 'the disk is full: make room'],
  ['ENOSPC', 'full', 'the disk is full: make room'],
  ['SQLITE_READONLY', 'read-only', 'it or its folder is read-only: allow writing'],
  ['EROFS', 'read-only', 'its file system is read-only: allow writing'],
  ['EACCES', 'read-only', 'it or its folder may not be written: allow it'],
  ['EPERM', 'read-only', 'it or its folder may not be written: allow it'],
  ['SQLITE_CORRUPT', 'damaged', 'it is damaged: restore it from its backup'],
  ['SQLITE_NOTADB', 'damaged', 'it is not a key file: restore it from its backup'],
];

/** Turns a failure of the file system or of SQLite into one clear line. */
export function keyFileError(path: string, cause: unknown): KeyStoreError {
  if (cause instanceof KeyStoreError) return cause;
  const { code = '', message = '' } = cause as { code?: string; message?: string };
  const known = FAILURES.find(([prefix]) => code.startsWith(prefix));
  if (known !== undefined) {
    return new KeyStoreError(known[1], `key file ${path} can't be used, ${known[2]}`, { cause });
  }
  return new KeyStoreError('unavailable', `key file ${path} can't be used: ${code} ${message}`, { cause });
}
