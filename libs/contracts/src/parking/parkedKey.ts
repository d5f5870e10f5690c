import { canonicalJson } from '../wire/canonicalJson.ts';
import { streamName } from '../wire/streamName.ts';
import { uuid5 } from '../wire/uuid5.ts';

/** Namespace of the ids of parked keys; frozen. */
export const PARKING_NAMESPACE = 'c9a5e6b8-0f47-5d21-8e3c-5b7d6c14a290';

/** Id of a key of this owner as it stands in the name of its stream, and in the operators' list. */
export function parkedKeyId(owner: string, key: string): string {
  return uuid5(PARKING_NAMESPACE, canonicalJson([owner, key]));
}

/** Holds what became of one key that could not go on: 100,000 of them burden none of the others. */
export function parkingStream(id: string): string {
  return streamName('parking', id);
}

/** The owner of a context's dues that cannot fire. */
export function deadlinesOwner(context: string): string {
  return `deadlines/${context}`;
}

/** The key of a due: another schedule of the deadline is another one. */
export function dueKey(deadlineId: string, generation: number): string {
  return `${deadlineId}/${generation}`;
}

/** Which due a key of dueKey is. */
export function dueOfKey(key: string): { readonly deadlineId: string; readonly generation: number } {
  const slash = key.indexOf('/');
  return { deadlineId: key.slice(0, slash), generation: Number(key.slice(slash + 1)) };
}

/** The owner of a reaction's keys. */
export function reactionOwner(name: string, version: number): string {
  return `reaction/${name}-${version}`;
}

/** The owner of a campaign's keys. */
export function campaignOwner(name: string): string {
  return `campaign/${name}`;
}
