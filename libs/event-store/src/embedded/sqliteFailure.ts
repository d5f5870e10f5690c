import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { StoreError, type StoreFailure } from '../eventStore.ts';

/** What an error of SQLite or of the file system means for the store. A StoreError stays what it is. */
export function storeErrorOf(error: unknown, file: string): StoreError {
  if (error instanceof StoreError) return error;
  const code = codeOf(error);
  const failure = failureOf(code, file);
  return new StoreError(failure, `${file} ${ADVICE[failure]} (${code})`, { cause: error });
}

const ADVICE: Record<StoreFailure, string> = {
  full: 'cannot grow: free space on its disk, then repeat',
  'read-only': 'cannot be written: give this user write permission to the file and its folder',
  damaged: 'is no intact SQLite file: restore a backup; the file is left untouched',
  'in-use': 'is in use by another process: stop that one or choose another data folder',
  unavailable: 'could not be read or written: see the code, then repeat',
  overloaded: 'is behind with what is to be stored: repeat it after a moment',
  closed: 'is closed',
  invalid: 'refused the request',
};

function codeOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code === 'string' && code !== '') return code;
  // libsql reports a failed open without a code: `ConnectionFailed("Unable to open …: 14")`.
  const opening = /^ConnectionFailed\(.*: (\d+)"\)$/s.exec(String(message));
  return opening === null ? 'no code' : `SQLite result ${opening[1]}`;
}

function failureOf(code: string, file: string): StoreFailure {
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'SQLITE_FULL') return 'full';
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM' || code.startsWith('SQLITE_READONLY')) {
    return 'read-only';
  }
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) return 'damaged';
  // Growing the shared memory file or syncing on a full disk is an I/O error to SQLite.
  return noSpaceBeside(file) ? 'full' : 'unavailable';
}

function noSpaceBeside(file: string): boolean {
  try {
    return statfsSync(dirname(file)).bavail === 0;
  } catch {
    // The folder itself cannot be asked: then space is not what is known to be missing.
    return false;
  }
}
