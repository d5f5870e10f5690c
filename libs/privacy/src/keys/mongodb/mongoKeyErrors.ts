import { MongoError, MongoNetworkError, MongoServerError, MongoServerSelectionError } from 'mongodb';
import { KeyStoreError } from '../keyStoreError.ts';

const DUPLICATE_KEY = 11_000;
const OUT_OF_DISK_SPACE = 14_031;
const REFUSED_USER: ReadonlySet<number> = new Set([13, 18, 8000]);

export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

/** Names and codes of errors only: what a server says may quote a document. @param where names host and database */
export function mongoKeyError(error: unknown, where: string): KeyStoreError {
  if (error instanceof KeyStoreError) return error;
  if (error instanceof MongoNetworkError || error instanceof MongoServerSelectionError) {
    return new KeyStoreError(
      'unavailable',
      `${where} does not answer: start it, or correct RAPPORT_KEYS (${error.name})`,
    );
  }
  const code = error instanceof MongoServerError ? error.code : undefined;
  const name = error instanceof MongoServerError ? (error.codeName ?? error.name) : nameOf(error);
  const said = code === undefined ? name : `${name} (${code})`;
  if (code === OUT_OF_DISK_SPACE) {
    return new KeyStoreError('full', `${where} has no space left on its disk: ${said}`);
  }
  if (typeof code === 'number' && REFUSED_USER.has(code)) {
    return new KeyStoreError(
      'unavailable',
      `${where} refuses the user: check RAPPORT_KEYS and its roles (${said})`,
    );
  }
  return new KeyStoreError('unavailable', `${where} cannot do it: ${said}`);
}

function nameOf(error: unknown): string {
  return error instanceof MongoError || error instanceof Error ? error.name : typeof error;
}
