/** */
export const TICKET_KINDS = ['inquiry', 'complaint', 'suggestion', 'support'] as const;
export type TicketKind = (typeof TICKET_KINDS)[number];

/** separate from the kind. */
export const TICKET_CATEGORIES = ['quality', 'delay', 'after-sales', 'usage', 'other'] as const;

/** L1 core business down, L2 part of the function, L3 question. */
export const TICKET_LEVELS = ['L1', 'L2', 'L3'] as const;
export type TicketLevel = (typeof TICKET_LEVELS)[number];

/** Complaints have a channel of their own. */
export const TICKET_CHANNELS = ['phone', 'email', 'wechat', 'web', 'on-site', 'complaint-line'] as const;

export const TICKET_STATES = ['open', 'acknowledged', 'responded', 'resolved', 'closed'] as const;
export type TicketState = (typeof TICKET_STATES)[number];

/** */
export const SERVICE_KINDS = [...TICKET_KINDS, 'return-visit'] as const;
