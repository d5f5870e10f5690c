/** how an interaction took place. */
export const INTERACTION_CHANNELS = ['call', 'visit', 'meeting', 'message', 'activity', 'greeting'] as const;
export type InteractionChannel = (typeof INTERACTION_CHANNELS)[number];

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
