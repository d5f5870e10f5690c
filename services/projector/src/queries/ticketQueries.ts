import { Controller } from '@nestjs/common';
import {
  streamName,
  type ListTickets,
  type QueryAnswer,
  type QueryMessage,
  type ReadTicket,
} from '@rapport/contracts';
import { ServesQuery } from '@rapport/messaging';
import { shownBytes } from '@rapport/privacy';
import { cutToFit, PAGE_BYTES } from './pages.ts';
import { isShown, Views, type ShownEvent } from './views.ts';

/** The open tickets of one customer, or of all: the queue. */
export const QUEUE = {
  query: 'tickets.list',
  sort: { by: 'queue', direction: 'asc' },
} as const;

/** The ticket queue. */
@Controller()
export class TicketQueries {
  constructor(private readonly views: Views) {}

  /** With its history, the earliest first. */
  @ServesQuery('tickets.get')
  get(message: QueryMessage<ReadTicket & { ticketId: string }>): Promise<QueryAnswer> {
    const { ticketId, cursor, limit = 200 } = message.parameters;
    return this.views.answer(['tickets'], message, async () => {
      const query = `tickets.get ${ticketId}`;
      const after = this.views.openCursor(query, cursor);
      const ticket = await this.views.one('tickets', ticketId, 'ticket');
      const revision = ticket['revision'] as number;
      const from = after === undefined ? 0 : (after.value as number) + 1;
      const events = await this.views.history(streamName('ticket', ticketId), from, limit);
      const history = events.map((entry, n) => ({
        item: isShown(entry) ? saidOnTicket(entry) : entry,
        place: { value: from + n, key: ticketId },
      }));
      const last = history.at(-1)?.place;
      const end = last !== undefined && last.value < revision ? last : undefined;
      const page = cutToFit(history, end, PAGE_BYTES - shownBytes(ticket));
      const { body, next } = this.views.answerPage(query, page);
      return {
        body: { ...ticket, history: body.items, ...(next !== undefined && { next }) },
        revision,
        ...(next !== undefined && { next }),
      };
    });
  }

  @ServesQuery('tickets.list')
  list(message: QueryMessage<ListTickets>): Promise<QueryAnswer> {
    const { customerId, state, kind, level } = message.parameters;
    return this.views.answer(['tickets'], message, () =>
      this.views.page('tickets', QUEUE.query, message.parameters, {
        filter: {
          ...(customerId !== undefined && { customerId }),
          // The queue is what is still to be done, unless another state is asked for.
          ...(state === undefined ? { open: true } : { state }),
          ...(kind !== undefined && { kind }),
          ...(level !== undefined && { level }),
        },
        sort: QUEUE.sort,
      }),
    );
  }
}

function saidOnTicket({ type, occurredAt, actor, data }: ShownEvent) {
  const { customerId: _customer, ticketId: _ticket, ...said } = data;
  return { type, occurredAt, actor, data: said };
}
