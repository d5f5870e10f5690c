import { ticketEvents, type CurrentEvent } from '@rapport/contracts';
import type { Projection } from '@rapport/views';
import { dataOf } from '../dataOf.ts';

export interface TicketDocument {
  readonly [field: string]: unknown;
  readonly id: string;
  readonly customerId: string;
  readonly kind: string;
  readonly category: string;
  readonly level: string;
  readonly channel: string;
  readonly subject: string;
  readonly complex: boolean;
  readonly tier: string;
  readonly state: string;
  /** Whether someone still has to do something. */
  readonly open: boolean;
  /** Order of the queue: tier A first, then the level, then the oldest. */
  readonly queue: string;
  readonly openedAt: string;
  readonly responses: number;
  /** Revision of the ticket's stream. */
  readonly revision: number;
}

const { TicketOpened, TicketAcknowledged, TicketResponded, TicketResolved } = ticketEvents;
const { ReturnVisitRecorded, TicketClosed, TicketReopened } = ticketEvents;
const TIER_ORDER: Readonly<Record<string, number>> = { A: 0, B: 1, C: 2, prospect: 3 };

/** The ticket queue: one document a ticket; what was said stands in the timeline. */
export const ticketsProjection: Projection<TicketDocument> = {
  name: 'tickets',
  version: 1,
  indexes: [
    { fields: ['open', 'queue'] },
    { fields: ['state', 'queue'] },
    { fields: ['customerId', 'queue'] },
  ],
  types: [
    TicketOpened,
    TicketAcknowledged,
    TicketResponded,
    TicketResolved,
    ReturnVisitRecorded,
    TicketClosed,
    TicketReopened,
  ].map(({ type }) => type),
  starts: [TicketOpened.type],
  keys: (event) => [(event.data as { ticketId: string }).ticketId],

  fold(ticket, event) {
    if (event.type === TicketOpened.type) return opened(event);
    if (ticket === undefined) return undefined;
    return { ...change(ticket, event), revision: event.revision };
  },
};

function opened(event: CurrentEvent): TicketDocument {
  const { ticketId, message: _message, tier, ...ticket } = dataOf(TicketOpened, event);
  return queued({
    id: ticketId,
    ...ticket,
    tier: tier.value,
    tierIndex: tier.index,
    state: 'open',
    open: true,
    queue: '',
    openedAt: event.occurredAt,
    responses: 0,
    revision: event.revision,
  });
}

function change(ticket: TicketDocument, event: CurrentEvent): TicketDocument {
  const at = event.occurredAt;
  switch (event.type) {
    case TicketAcknowledged.type: {
      const { level, category } = dataOf(TicketAcknowledged, event);
      return queued({ ...ticket, level, category, state: 'acknowledged', acknowledgedAt: at });
    }
    case TicketResponded.type:
      return {
        ...ticket,
        state: ticket.state === 'resolved' ? 'resolved' : 'responded',
        responses: ticket.responses + 1,
        // Meeting a later milestone meets the earlier.
        acknowledgedAt: ticket['acknowledgedAt'] ?? at,
        respondedAt: ticket['respondedAt'] ?? at,
      };
    case TicketResolved.type:
      return {
        ...ticket,
        state: 'resolved',
        acknowledgedAt: ticket['acknowledgedAt'] ?? at,
        respondedAt: ticket['respondedAt'] ?? at,
        resolvedAt: at,
      };
    case ReturnVisitRecorded.type:
      return { ...ticket, visitedAt: at, satisfaction: dataOf(ReturnVisitRecorded, event).satisfaction };
    case TicketClosed.type:
      return { ...ticket, state: 'closed', open: false, closedAt: at };
    default: {
      const { resolvedAt: _resolved, closedAt: _closed, visitedAt: _visited, ...open } = ticket;
      return { ...(open as TicketDocument), state: 'responded', open: true, reopenedAt: at };
    }
  }
}

function queued(ticket: TicketDocument): TicketDocument {
  return { ...ticket, queue: `${TIER_ORDER[ticket.tier] ?? 3}-${ticket.level}-${ticket.openedAt}` };
}
