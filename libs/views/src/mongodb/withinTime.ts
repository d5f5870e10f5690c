import { inTime } from '@rapport/platform';
import { ViewStoreError } from '../viewStoreError.ts';

/**
 * What an operation answers, if it does within `ms`. The driver has no bound of its own: `timeoutMS` is ignored since
 * 7.9, and a socket timeout is retried.
 *
 * @throws ViewStoreError `unavailable`
 */
export function withinTime<T>(operation: Promise<T>, ms: number): Promise<T> {
  const message = `MongoDB: no answer within ${ms} ms: start it, or correct RAPPORT_VIEWS`;
  return inTime(operation, ms, () => new ViewStoreError('unavailable', message));
}
