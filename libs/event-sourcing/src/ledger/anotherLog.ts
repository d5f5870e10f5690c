import { Problem } from '@rapport/platform';

/**
 * The log was restored from a backup while this process worked: what it remembers may be of events that are lost. It
 * must be started again.
 */
export function anotherLog(): Problem {
  return new Problem({
    kind: 'unavailable',
    detail: 'The log was restored from a backup: every service has to be started again.',
    retryAfter: 10,
  });
}
