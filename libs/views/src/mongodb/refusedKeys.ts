import { MongoBulkWriteError } from 'mongodb';
import { DUPLICATE_KEY } from './mongoViewErrors.ts';

/**
 * Places of the operations in a bulk that met their key.
 *
 * @throws the error itself where anything else went wrong, such as a write that no majority has confirmed
 */
export function refusedKeys(error: unknown): number[] {
  if (!(error instanceof MongoBulkWriteError)) throw error;
  const failures = [error.writeErrors].flat();
  const unconfirmed = error.result.getWriteConcernError() !== undefined;
  if (unconfirmed || failures.length === 0 || failures.some(({ code }) => code !== DUPLICATE_KEY))
    throw error;
  return failures.map(({ index }) => index);
}
