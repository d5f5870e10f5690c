import { derivedId } from '../wire/commandId.ts';

/** how an interaction took place. */
export const INTERACTION_CHANNELS = ['call', 'visit', 'meeting', 'message', 'activity', 'greeting'] as const;
export type InteractionChannel = (typeof INTERACTION_CHANNELS)[number];

/** where we met, as somebody may say it: at the customer's, at ours, by video, or from afar. */
export const STATED_PLACES = ['customer', 'ours', 'video', 'remote'] as const;
/** `unstated`: nobody said it, and the channel does not tell. */
export const INTERACTION_PLACES = [...STATED_PLACES, 'unstated'] as const;
export type InteractionPlace = (typeof INTERACTION_PLACES)[number];

/** What the channel alone tells of the place: a visit is at the customer's, a call and a message come from afar. */
export function placeOfChannel(channel: InteractionChannel): InteractionPlace {
  if (channel === 'visit') return 'customer';
  return channel === 'call' || channel === 'message' ? 'remote' : 'unstated';
}

/** */
export const INTERACTION_PURPOSES = [
  'industry-news',
  'cooperation-feedback',
  'personal-care',
  'invitation',
  'needs',
  'renewal-talk',
  'return-visit',
  'other',
] as const;
export type InteractionPurpose = (typeof INTERACTION_PURPOSES)[number];

/** */
export const PRIORITIES = ['high', 'medium', 'low'] as const;

/** id of an interaction's to-do, by its place among them. Frozen: events of version 1 get theirs when they are read. */
export function toDoIdOf(interactionId: string, n: number): string {
  return derivedId(interactionId, `to-do-${n}`);
}
