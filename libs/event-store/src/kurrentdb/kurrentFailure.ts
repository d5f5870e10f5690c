import {
  AccessDeniedError,
  AppendRecordSizeExceededError,
  DeadlineExceededError,
  StreamDeletedError,
  StreamTombstonedError,
  TransactionMaxSizeExceededError,
  UnsupportedError,
} from '@kurrent/kurrentdb-client';
import { StoreError } from '../eventStore.ts';

/**
 * What an error of the client means. Whatever is not known for certain is `unavailable`: the append may have been
 * stored. With the server down the client throws raw gRPC errors, so nothing is asked of their class.
 */
export function storeErrorOf(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const failure = (kind: 'invalid' | 'damaged' | 'unavailable', message: string) =>
    new StoreError(kind, `KurrentDB ${message} (${kindOf(error)})`, { cause: error });
  if (error instanceof AppendRecordSizeExceededError)
    return failure('invalid', 'refused an event as too large: raise MaxAppendEventSize or split it');
  if (error instanceof TransactionMaxSizeExceededError)
    return failure('invalid', 'refused the append as too large: raise MaxAppendSize or split it');
  if (error instanceof StreamDeletedError || error instanceof StreamTombstonedError)
    return failure('damaged', 'says that a stream of Rapport was deleted: restore a backup');
  if (codeOf(error) === INVALID_ARGUMENT)
    return failure('invalid', 'refused the request, nothing was stored');
  if (error instanceof UnsupportedError)
    return failure('unavailable', 'is too old: appends over several streams need 26.1');
  if (isDenied(error))
    return failure(
      'unavailable',
      'denied access: the user of the connection string must be in $admins, or may read $all by its ACL',
    );
  return failure('unavailable', 'could not be reached or did not answer: repeat with the same ids');
}

/** Whether a fresh connection may help: not where the server itself has answered. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof StoreError) return error.failure === 'unavailable';
  return !(error instanceof DeadlineExceededError || isRefusal(error) || codeOf(error) === INVALID_ARGUMENT);
}

/** Whether asking again is in vain until somebody has changed a setting. */
export function isRefusal(error: unknown): boolean {
  return error instanceof UnsupportedError || isDenied(error);
}

const [INVALID_ARGUMENT, PERMISSION_DENIED, UNAUTHENTICATED] = [3, 7, 16];

function isDenied(error: unknown): boolean {
  const code = codeOf(error);
  return error instanceof AccessDeniedError || code === PERMISSION_DENIED || code === UNAUTHENTICATED;
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | null | undefined)?.code;
}

/** The kind of an error, never its message: those name streams and settings with values. */
function kindOf(error: unknown): string {
  const { type, name } = (error ?? {}) as { type?: unknown; name?: unknown };
  const code = codeOf(error);
  if (typeof type === 'string') return type;
  if (typeof code === 'number' || typeof code === 'string') return `code ${code}`;
  return typeof name === 'string' ? name : 'no code';
}
