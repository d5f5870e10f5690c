import Type from 'typebox';
import * as tickets from '../events/tickets.ts';
import { TIERS } from '../vocabulary/profiles.ts';
import {
  TICKET_CATEGORIES,
  TICKET_CHANNELS,
  TICKET_KINDS,
  TICKET_LEVELS,
  TICKET_STATES,
} from '../vocabulary/tickets.ts';
import { Count, Id, Index, Instant, ListOfShape, Next, Revision, shape, Words } from './shapes.ts';
import { UnreadableEntry } from './unreadableEvent.ts';
import { byEventType, shownData } from './eventData.ts';

const ticket = {
  id: Id(),
  customerId: Id(),
  contactId: Type.Optional(Id()),
  kind: Words(TICKET_KINDS),
  category: Words(TICKET_CATEGORIES),
  level: Words(TICKET_LEVELS),
  channel: Words(TICKET_CHANNELS),
  subject: Type.String(),
  complex: Type.Boolean(),
  tier: Words(TIERS),
  tierIndex: Index(),
  state: Words(TICKET_STATES),
  open: Type.Boolean({ description: 'There is something left to be done' }),
  queue: Type.String({ description: 'Its place in the queue: sorts as the queue does (R-069)' }),
  openedAt: Instant(),
  acknowledgedAt: Type.Optional(Instant()),
  respondedAt: Type.Optional(Instant()),
  resolvedAt: Type.Optional(Instant()),
  visitedAt: Type.Optional(Instant()),
  closedAt: Type.Optional(Instant()),
  reopenedAt: Type.Optional(Instant()),
  responses: Count(),
  satisfaction: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
  revision: Revision(),
};

/** A ticket as the queue shows it. */
export const Ticket = shape('Ticket', ticket);

export const TicketList = ListOfShape('TicketList', Ticket);

const ofTicket = Object.values(tickets).filter(({ category }) => category === 'ticket');

/** Something that was said or done on a ticket. */
const TicketHistoryEntry = byEventType('TicketHistoryEntry', ofTicket, (definition) => ({
  occurredAt: Instant(),
  actor: Type.String(),
  data: shownData(definition, ['customerId', 'ticketId']),
}));

/** A ticket with what was said and done on it. */
export const TicketRecord = shape('TicketRecord', {
  ...ticket,
  history: Type.Array(Type.Union([TicketHistoryEntry, UnreadableEntry]), {
    description: 'A page of what was said and done, the earliest first',
  }),
  next: Next(),
});
