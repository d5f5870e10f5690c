import { canonicalJson } from '../wire/canonicalJson.ts';
import { uuid5 } from '../wire/uuid5.ts';

/** Namespace of the ids of deadlines; frozen. */
export const DEADLINE_NAMESPACE = '3b1f0d52-7c8e-5a94-b6d3-91e2f4a07c58';

/**
 * Id of a deadline: the same one for as long as its stream lives, however often it is scheduled.
 *
 * @param key which of several of that name
 */
export function deadlineIdOf(stream: string, name: string, key?: string): string {
  return uuid5(DEADLINE_NAMESPACE, canonicalJson(key === undefined ? [stream, name] : [stream, name, key]));
}
