import Type from 'typebox';
import { defineEvent } from '../schema/eventDefinition.ts';
import { freeText } from '../schema/fieldClass.ts';
import { Id, InstantText, Line, PlainDateText, Used, StaffIdText } from '../schema/types.ts';
import { TIERS } from '../vocabulary/profiles.ts';
import {
  SERVICE_KINDS,
  TICKET_CATEGORIES,
  TICKET_CHANNELS,
  TICKET_KINDS,
  TICKET_LEVELS,
} from '../vocabulary/tickets.ts';

/** The subject is not personal; messages are. */
export const TicketOpened = defineEvent('crm.tickets.TicketOpened', 1, 'ticket', {
  customerId: Id(),
  ticketId: Id(),
  kind: Type.Enum([...TICKET_KINDS]),
  category: Type.Enum([...TICKET_CATEGORIES]),
  level: Type.Enum([...TICKET_LEVELS]),
  channel: Type.Enum([...TICKET_CHANNELS]),
  subject: Line(200),
  contactId: Type.Optional(Id()),
  complex: Type.Boolean(),
  /** Message of the customer, as received. */
  message: Type.Optional(freeText(Line(10_000))),
  /** The customer's tier that rules this ticket, and the event that it came from. */
  tier: Used(TIERS),
});

/** by a person, with category and level, which may differ from the reporter's. */
export const TicketAcknowledged = defineEvent('crm.tickets.TicketAcknowledged', 1, 'ticket', {
  customerId: Id(),
  ticketId: Id(),
  level: Type.Enum([...TICKET_LEVELS]),
  category: Type.Enum([...TICKET_CATEGORIES]),
});

/** an answer to the customer. */
export const TicketResponded = defineEvent('crm.tickets.TicketResponded', 1, 'ticket', {
  customerId: Id(),
  ticketId: Id(),
  responseId: Id(),
  text: freeText(Line(10_000)),
});

/** The solution was delivered and told to the customer. */
export const TicketResolved = defineEvent('crm.tickets.TicketResolved', 1, 'ticket', {
  customerId: Id(),
  ticketId: Id(),
  solution: freeText(Line(10_000)),
});

/** */
export const ReturnVisitRecorded = defineEvent('crm.tickets.ReturnVisitRecorded', 1, 'ticket', {
  customerId: Id(),
  ticketId: Id(),
  visitedAt: InstantText(),
  opinion: freeText(Line(10_000)),
  satisfaction: Type.Integer({ minimum: 1, maximum: 5 }),
});

/** */
export const TicketClosed = defineEvent('crm.tickets.TicketClosed', 1, 'ticket', {
  customerId: Id(),
  ticketId: Id(),
  /**
   * Index of the erasure of a person whom the ticket is about, where it ended without the solution or the visit that
   * R-074 asks for: nothing more may be recorded about an erased person.
   */
  erasureIndex: Type.Optional(Type.Integer({ minimum: 0 })),
});

export const TicketReopened = defineEvent('crm.tickets.TicketReopened', 1, 'ticket', {
  customerId: Id(),
  ticketId: Id(),
  reason: freeText(Line(1_000)),
});

/** a service record taken over from another system. */
export const ServiceRecorded = defineEvent('crm.tickets.ServiceRecorded', 1, 'serviceRecord', {
  customerId: Id(),
  serviceRecordId: Id(),
  contactId: Type.Optional(Id()),
  servedOn: PlainDateText(),
  kind: Type.Enum([...SERVICE_KINDS]),
  problem: freeText(Line(10_000)),
  result: freeText(Line(10_000)),
  /** Opaque id of who served; the name beside it. */
  servedBy: StaffIdText(),
  servedByName: freeText(Line(100)),
  satisfaction: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })),
  remark: Type.Optional(freeText(Line(10_000))),
});
