import {
  MongoBulkWriteError,
  MongoError,
  MongoInvalidArgumentError,
  MongoNetworkError,
  MongoParseError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb';
import { ViewStoreError } from '../viewStoreError.ts';

export const DUPLICATE_KEY = 11_000;
const NAMESPACE_NOT_FOUND = 26;
const REFUSED_USER: ReadonlySet<number> = new Set([13, 18, 8000]);
const OUT_OF_DISK_SPACE = 14_031;
/** Of the server, by its error_codes.yml: it goes down, is no primary, gave up waiting, or lost its majority. */
const PASSES: ReadonlySet<number> = new Set([
  6, 7, 50, 64, 89, 91, 112, 189, 262, 9001, 10_107, 11_600, 11_602, 13_435, 13_436,
]);

/**
 * Of the server, by its error_codes.yml: what was asked for is wrong and stays so, whoever asks again. Any other code may
 * pass: FerretDB says InternalError (1) of a full disk.
 */
const OUR_FAULT: ReadonlySet<number> = new Set([
  2, 9, 14, 15, 16, 20, 40, 52, 53, 56, 57, 59, 66, 67, 72, 73, 85, 86, 115, 166, 168, 238, 263, 10_334,
  17_419,
]);

export function isAbsentCollection(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === NAMESPACE_NOT_FOUND;
}

export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY;
}

/**
 * Says what went wrong without what the driver says of it: a server's message may quote a document, its keys or a
 * filter. So only names and codes of errors are taken over, and a cause only where it cannot have seen a document.
 *
 * @param where `MongoDB at 10.0.0.1:27017, database rapport-views`
 */
export function viewStoreError(error: unknown, where: string): ViewStoreError {
  if (error instanceof ViewStoreError) return error;
  const cut = cutOff(error);
  if (cut !== undefined) return viewStoreError(cut, where);
  if (isAway(error)) {
    return new ViewStoreError(
      'unavailable',
      `${where} does not answer: start it, or correct RAPPORT_VIEWS (${isOfTheSystem(error) ? error.code : error.name})`,
    );
  }
  if (error instanceof MongoInvalidArgumentError || error instanceof MongoParseError) {
    return new ViewStoreError('invalid', `${where}: ${error.name} in the driver`);
  }
  if (!(error instanceof MongoError)) {
    const name = error instanceof Error ? error.name : typeof error;
    return new ViewStoreError('unexpected', `${where}: ${name} in the driver`);
  }
  const code = codeOf(error);
  const said = `${(error as MongoServerError).codeName ?? error.name}${code === undefined ? '' : ` (${code})`}`;
  if (code === OUT_OF_DISK_SPACE) {
    return new ViewStoreError('full', `${where} has no space left on its disk: ${said}`);
  }
  if (code !== undefined && PASSES.has(code)) {
    return new ViewStoreError('unavailable', `${where} cannot do it now: ${said}`);
  }
  if (code !== undefined && REFUSED_USER.has(code)) {
    return new ViewStoreError(
      'invalid',
      `${where} refuses the user: check RAPPORT_VIEWS and its roles (${said})`,
    );
  }
  if (code !== undefined && OUR_FAULT.has(code)) {
    return new ViewStoreError('invalid', `${where} refuses: ${said}`);
  }
  return new ViewStoreError('unexpected', `${where} failed in a way that is not known: ${said}`);
}

/** What a bulk met that no server answered: the driver calls a connection that broke under it a bulk's own error. */
function cutOff(error: unknown): Error | undefined {
  if (!(error instanceof MongoBulkWriteError)) return undefined;
  const met: unknown = error.errorResponse;
  return met instanceof Error && met !== error ? met : undefined;
}

function isAway(error: unknown): error is Error {
  return (
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    (error instanceof MongoError && error.hasErrorLabel('RetryableWriteError')) ||
    error instanceof MongoTopologyClosedError ||
    isOfTheSystem(error)
  );
}

/** A connection that breaks while a large request is being sent: the driver tells the socket's error as it is. */
function isOfTheSystem(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && typeof (error as NodeJS.ErrnoException).syscall === 'string';
}

function codeOf(error: MongoError): number | undefined {
  const { code } = error as { code?: unknown };
  if (error instanceof MongoBulkWriteError) {
    const first = [error.writeErrors].flat().find((failure) => failure.code !== DUPLICATE_KEY);
    return first?.code ?? (typeof code === 'number' ? code : undefined);
  }
  return typeof code === 'number' ? code : undefined;
}
