import { Controller } from '@nestjs/common';
import { streamName, type ListTickets, type QueryAnswer, type QueryMessage } from '@rapport/contracts';
import { ServesQuery } from '@rapport/messaging';
import { Views } from './views.ts';

/** What is shown of a ticket's history at once; the rest stands in the customer's timeline. */
const MESSAGES = 200;

/** The ticket queue. */
@Controller()
export class TicketQueries {
  constructor(private readonly views: Views) {}

  @ServesQuery('tickets.get')
  get(message: QueryMessage<{ ticketId: string }>): Promise<QueryAnswer> {
    const { ticketId } = message.parameters;
    return this.views.answer(['tickets'], message, async () => {
      const ticket = await this.views.one('tickets', ticketId, 'ticket');
      const events = await this.views.history(streamName('ticket', ticketId), 0, MESSAGES);
      const history = events.map(({ type, occurredAt, actor, data }) => {
        const { customerId: _customer, ticketId: _ticket, ...said } = data;
        return { type, occurredAt, actor, data: said };
      });
      return { body: { ...ticket, history }, revision: ticket['revision'] as number };
    });
  }

  @ServesQuery('tickets.list')
  list(message: QueryMessage<ListTickets>): Promise<QueryAnswer> {
    const { customerId, state, kind, level } = message.parameters;
    return this.views.answer(['tickets'], message, () =>
      this.views.page('tickets', 'tickets.list', message.parameters, {
        filter: {
          ...(customerId !== undefined && { customerId }),
          // The queue is what is still to be done, unless another state is asked for.
          ...(state === undefined ? { open: true } : { state }),
          ...(kind !== undefined && { kind }),
          ...(level !== undefined && { level }),
        },
        sort: { by: 'queue', direction: 'asc' },
      }),
    );
  }
}
