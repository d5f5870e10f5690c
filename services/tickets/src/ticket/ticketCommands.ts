import { Controller, Inject, Injectable } from '@nestjs/common';
import {
  derivedId,
  type AcknowledgeTicket,
  type CommandAnswer,
  type OpenTicket,
  type RecordReturnVisit,
  type ReopenTicket,
  type ResolveTicket,
  type RespondToTicket,
} from '@rapport/contracts';
import {
  AggregateCommands,
  CustomerDirectory,
  erasureIndexOf,
  SERVICE_RUNTIME,
  type CommandMessage,
  type ServiceRuntime,
} from '@rapport/event-sourcing';
import { ServesCommand } from '@rapport/messaging';
import { personsOf, ticketDecider, type TicketCommand } from './ticketDecider.ts';
import type { Ticket } from './ticketState.ts';

type OnTicket<Body> = CommandMessage<Body & { readonly ticketId: string }>;

@Injectable()
export class TicketHandler extends AggregateCommands<Ticket, TicketCommand> {
  constructor(@Inject(SERVICE_RUNTIME) runtime: ServiceRuntime) {
    super(runtime, { via: 'tickets', category: 'ticket', decider: ticketDecider });
  }
}

/** Commands on tickets; only translates. */
@Controller()
export class TicketCommands {
  constructor(
    private readonly tickets: TicketHandler,
    private readonly customers: CustomerDirectory,
    @Inject(SERVICE_RUNTIME) private readonly runtime: ServiceRuntime,
  ) {}

  @ServesCommand('openTicket')
  async open(message: CommandMessage<OpenTicket>): Promise<CommandAnswer> {
    const { payload: input, meta } = message;
    const { customerId, contactId } = input;
    const persons = await this.customers.require(customerId, contactId === undefined ? [] : [contactId]);
    const ticketId = derivedId(meta.commandId, 'ticket');
    const tier = await this.customers.tier(customerId);
    const command = { do: 'open', ticketId, input, tier, persons } as const;
    return this.tickets.handle(command, ticketId, 'OpenTicket', message, 'stream');
  }

  @ServesCommand('acknowledgeTicket')
  acknowledge(message: OnTicket<AcknowledgeTicket>): Promise<CommandAnswer> {
    const { ticketId, ...input } = message.payload;
    return this.tickets.handle({ do: 'acknowledge', input }, ticketId, 'AcknowledgeTicket', message);
  }

  @ServesCommand('respondToTicket')
  async respond(message: OnTicket<RespondToTicket>): Promise<CommandAnswer> {
    const { ticketId, ...input } = message.payload;
    const ofCompany = await this.ofCompany(ticketId);
    const command = { do: 'respond', input, ofCompany } as const;
    return this.tickets.handle(command, ticketId, 'RespondToTicket', message, 'part');
  }

  @ServesCommand('resolveTicket')
  async resolve(message: OnTicket<ResolveTicket>): Promise<CommandAnswer> {
    const { ticketId, ...input } = message.payload;
    const ofCompany = await this.ofCompany(ticketId);
    return this.tickets.handle({ do: 'resolve', input, ofCompany }, ticketId, 'ResolveTicket', message);
  }

  @ServesCommand('recordReturnVisit')
  async visit(message: OnTicket<RecordReturnVisit>): Promise<CommandAnswer> {
    const { ticketId, ...input } = message.payload;
    const ofCompany = await this.ofCompany(ticketId);
    return this.tickets.handle({ do: 'visit', input, ofCompany }, ticketId, 'RecordReturnVisit', message);
  }

  @ServesCommand('closeTicket')
  async close(message: OnTicket<object>): Promise<CommandAnswer> {
    const { ticketId } = message.payload;
    const ticket = await this.tickets.known(ticketId);
    const persons = ticket.state === 'none' ? [] : personsOf(ticket, await this.isOfCompany(ticket));
    const erasureIndex = await erasureIndexOf(this.runtime.ledger, persons);
    return this.tickets.handle({ do: 'close', erasureIndex }, ticketId, 'CloseTicket', message);
  }

  @ServesCommand('reopenTicket')
  async reopen(message: OnTicket<ReopenTicket>): Promise<CommandAnswer> {
    const { ticketId, ...input } = message.payload;
    const ofCompany = await this.ofCompany(ticketId);
    return this.tickets.handle({ do: 'reopen', input, ofCompany }, ticketId, 'ReopenTicket', message);
  }

  /** Nothing is claimed of a ticket that is not known here. */
  private async ofCompany(ticketId: string): Promise<boolean> {
    return this.isOfCompany(await this.tickets.known(ticketId));
  }

  private async isOfCompany({ state, customerId }: Ticket): Promise<boolean> {
    return state !== 'none' && this.customers.isCompany(customerId);
  }
}
