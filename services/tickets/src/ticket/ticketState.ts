import {
  ticketEvents,
  type DataOf,
  type RecordedEvent,
  type TicketKind,
  type TicketState,
} from '@rapport/contracts';
import type { Instant } from '@rapport/platform';
import { Map as PersistentMap } from 'immutable';

/** What a ticket's decisions rest on. */
export interface Ticket {
  readonly state: TicketState | 'none';
  readonly ticketId: string;
  readonly customerId: string;
  /** The customer's contact whom it is about, where one was named. */
  readonly contactId?: string;
  readonly kind: TicketKind;
  /** Tier that rules this ticket. */
  readonly tier: string;
  /** A return visit was made since it was last resolved. */
  readonly visited: boolean;
  /** When it was last resolved; undefined before. */
  readonly resolvedAt?: Instant;
  /** Revision of each response by its id. */
  readonly responses: PersistentMap<string, number>;
}

export const NO_TICKET: Ticket = {
  state: 'none',
  ticketId: '',
  customerId: '',
  kind: 'inquiry',
  tier: 'prospect',
  visited: false,
  responses: PersistentMap(),
};

export function evolveTicket(ticket: Ticket, { type, data, occurredAt, revision }: RecordedEvent): Ticket {
  switch (type) {
    case ticketEvents.TicketOpened.type: {
      const { ticketId, customerId, contactId, kind, tier } = data as DataOf<
        typeof ticketEvents.TicketOpened
      >;
      return {
        ...NO_TICKET,
        state: 'open',
        ticketId,
        customerId,
        ...(contactId !== undefined && { contactId }),
        kind: kind as TicketKind,
        tier: tier.value,
      };
    }
    case ticketEvents.TicketAcknowledged.type:
      return { ...ticket, state: 'acknowledged' };
    case ticketEvents.TicketResponded.type:
      return {
        ...ticket,
        state: ticket.state === 'resolved' ? 'resolved' : 'responded',
        responses: ticket.responses.set(
          (data as DataOf<typeof ticketEvents.TicketResponded>).responseId,
          revision,
        ),
      };
    case ticketEvents.TicketResolved.type:
      return { ...ticket, state: 'resolved', visited: false, resolvedAt: occurredAt };
    case ticketEvents.ReturnVisitRecorded.type:
      return { ...ticket, visited: true };
    case ticketEvents.TicketClosed.type:
      return { ...ticket, state: 'closed' };
    case ticketEvents.TicketReopened.type:
      return { ...ticket, state: 'responded', visited: false };
    default:
      return ticket;
  }
}
