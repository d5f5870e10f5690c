import {
  derivedId,
  event,
  normaliseInstant,
  ticketEvents,
  type AcknowledgeTicket,
  type OpenTicket,
  type RecordReturnVisit,
  type ReopenTicket,
  type ResolveTicket,
  type RespondToTicket,
} from '@rapport/contracts';
import {
  aboutPersons,
  standsSince,
  type DecidedEvent,
  type Decider,
  type DecisionContext,
  type UsedTier,
} from '@rapport/event-sourcing';
import { invalidInput, notFound, type Problem, ruleViolated, toMillis } from '@rapport/platform';
import { evolveTicket, NO_TICKET, type Ticket } from './ticketState.ts';

/** What is said about the customer in a ticket that is there. */
interface Saying<Input> {
  readonly input: Input;
  /** The ticket's customer is known to be a company, who is no person. */
  readonly ofCompany: boolean;
}

export type TicketCommand =
  | {
      readonly do: 'open';
      readonly ticketId: string;
      readonly input: OpenTicket;
      readonly tier: UsedTier;
      /** Whom it names: the customer, where that is an individual, and the contact. */
      readonly persons: readonly string[];
    }
  | { readonly do: 'acknowledge'; readonly input: AcknowledgeTicket }
  | ({ readonly do: 'respond' } & Saying<RespondToTicket>)
  | ({ readonly do: 'resolve' } & Saying<ResolveTicket>)
  | ({ readonly do: 'visit' } & Saying<RecordReturnVisit>)
  | {
      readonly do: 'close';
      /** Of a person whom it is about, where one was erased. */
      readonly erasureIndex?: number | undefined;
    }
  | ({ readonly do: 'reopen' } & Saying<ReopenTicket>);

/** One ticket from opening to close. */
export const ticketDecider: Decider<Ticket, TicketCommand> = {
  initial: NO_TICKET,
  evolve: evolveTicket,

  decide(command, ticket, context) {
    if (command.do === 'open') return aboutPersons(command.persons, open(command, ticket));
    if (ticket.state === 'none') throw notFound('ticket');
    if (command.do === 'respond') {
      const there = ticket.responses.get(responseIdOf(context));
      if (there !== undefined) return standsSince(there);
    }
    if (ticket.state === 'closed' && command.do !== 'reopen') {
      throw ruleViolated('R-074', 'The ticket is closed. Reopen it first.');
    }
    const ids = { customerId: ticket.customerId, ticketId: ticket.ticketId };
    switch (command.do) {
      case 'acknowledge':
        // Meeting a later milestone met this one: nothing is left to acknowledge.
        return ticket.state === 'open'
          ? [event(ticketEvents.TicketAcknowledged, { ...ids, ...command.input })]
          : [];
      case 'close':
        return close(ticket, ids, command.erasureIndex);
      default:
        return aboutPersons(personsOf(ticket, command.ofCompany), say(command, ticket, ids, context));
    }
  },
};

function responseIdOf({ commandId }: DecisionContext): string {
  return derivedId(commandId, 'response');
}

/** What carries text about the customer; what does not ends the ticket also of an erased person. */
function say(
  command: Extract<TicketCommand, Saying<unknown>>,
  ticket: Ticket,
  ids: { customerId: string; ticketId: string },
  context: DecisionContext,
): readonly DecidedEvent[] {
  switch (command.do) {
    case 'respond':
      return [
        event(ticketEvents.TicketResponded, {
          ...ids,
          responseId: responseIdOf(context),
          text: command.input.text,
        }),
      ];
    case 'resolve':
      if (ticket.state === 'resolved') throw ruleViolated('R-062', 'The ticket is resolved already.');
      return [event(ticketEvents.TicketResolved, { ...ids, solution: command.input.solution })];
    case 'visit':
      return visit(command.input, ticket, ids, context);
    case 'reopen':
      if (ticket.state !== 'closed' && ticket.state !== 'resolved') {
        throw ruleViolated('R-074', 'Only a resolved or closed ticket can be reopened.');
      }
      return [event(ticketEvents.TicketReopened, { ...ids, reason: command.input.reason })];
  }
}

/** Whom it is about. @param ofCompany its customer is known to be a company */
export function personsOf({ customerId, contactId }: Ticket, ofCompany: boolean): readonly string[] {
  return [...(ofCompany ? [] : [customerId]), ...(contactId === undefined ? [] : [contactId])];
}

function open(
  { ticketId, input, tier }: Extract<TicketCommand, { do: 'open' }>,
  ticket: Ticket,
): readonly DecidedEvent[] {
  if (ticket.state !== 'none') throw ruleViolated('R-070', 'This ticket is open already.');
  const complaintLine = input.channel === 'complaint-line';
  if (complaintLine && input.kind !== 'complaint') {
    throw invalidInput('channel', 'complaint-line is for complaints only (R-070); choose another channel');
  }
  const level = input.level ?? 'L3';
  return [
    event(ticketEvents.TicketOpened, {
      customerId: input.customerId,
      ticketId,
      kind: input.kind,
      category: input.category ?? 'other',
      level,
      channel: input.channel,
      subject: input.subject,
      ...(input.contactId !== undefined && { contactId: input.contactId }),
      complex: level !== 'L3' || input.complex === true,
      ...(input.message !== undefined && { message: input.message }),
      tier,
    }),
  ];
}

function visit(
  input: RecordReturnVisit,
  ticket: Ticket,
  ids: { customerId: string; ticketId: string },
  { now }: DecisionContext,
): readonly DecidedEvent[] {
  if (ticket.state !== 'resolved') {
    throw ruleViolated('R-074', 'A return visit follows the resolution. Resolve the ticket first.');
  }
  const visitedAt = normaliseInstant(input.visitedAt);
  if (toMillis(visitedAt) > now) throw invalidInput('visitedAt', 'must not be in the future');
  // A conversation from before the solution says nothing about it.
  if (toMillis(visitedAt) < toMillis(ticket.resolvedAt!)) {
    throw invalidInput('visitedAt', 'must not be before the ticket was last resolved (R-074)');
  }
  const { opinion, satisfaction } = input;
  return [event(ticketEvents.ReturnVisitRecorded, { ...ids, visitedAt, opinion, satisfaction })];
}

/** R-074, but of a person who was erased: solution and visit could not be recorded any more. */
function close(
  ticket: Ticket,
  ids: { customerId: string; ticketId: string },
  erasureIndex: number | undefined,
): readonly DecidedEvent[] {
  const missing = missingForClose(ticket);
  if (missing === undefined) return [event(ticketEvents.TicketClosed, ids)];
  if (erasureIndex === undefined) throw missing;
  return [event(ticketEvents.TicketClosed, { ...ids, erasureIndex })];
}

/** no close without a return visit for complaints of every tier and for tier A's support. */
function missingForClose({ state, kind, tier, visited }: Ticket): Problem | undefined {
  if (state !== 'resolved') {
    return ruleViolated('R-074', 'Only a resolved ticket can be closed. Resolve it first.');
  }
  const needsVisit = kind === 'complaint' || (kind === 'support' && tier === 'A');
  if (needsVisit && !visited) {
    return ruleViolated('R-074', 'It cannot be closed without a return visit. Record the visit first.');
  }
  return undefined;
}
