import { CalendarDate, Flag, Moment, OneOf, StaffId, Text, Uuid, WholeNumber } from '../fields/fields.ts';
import {
  SERVICE_KINDS,
  TICKET_CATEGORIES,
  TICKET_CHANNELS,
  TICKET_KINDS,
  TICKET_LEVELS,
  type TicketKind,
  type TicketLevel,
} from '../vocabulary/tickets.ts';

/** */
export class OpenTicket {
  @Uuid()
  customerId!: string;

  @OneOf(TICKET_KINDS)
  kind!: TicketKind;

  @OneOf(TICKET_CATEGORIES, { optional: true, description: 'Default other' })
  category?: (typeof TICKET_CATEGORIES)[number];

  @OneOf(TICKET_LEVELS, { optional: true, description: 'L3 until the acknowledgement confirms it' })
  level?: TicketLevel;

  @OneOf(TICKET_CHANNELS)
  channel!: (typeof TICKET_CHANNELS)[number];

  @Text({ max: 200, description: 'Not personal; what the customer says goes into message' })
  subject!: string;

  @Text({ max: 10_000, multiline: true, optional: true })
  message?: string;

  @Uuid({ optional: true })
  contactId?: string;

  @Flag({ optional: true, description: 'Marked complex; L1 and L2 are' })
  complex?: boolean;
}

/** */
export class AcknowledgeTicket {
  @OneOf(TICKET_LEVELS)
  level!: TicketLevel;

  @OneOf(TICKET_CATEGORIES)
  category!: (typeof TICKET_CATEGORIES)[number];
}

/** */
export class RespondToTicket {
  @Text({ max: 10_000, multiline: true })
  text!: string;
}

export class ResolveTicket {
  @Text({ max: 10_000, multiline: true })
  solution!: string;
}

/** */
export class RecordReturnVisit {
  @Moment()
  visitedAt!: string;

  @Text({ max: 10_000, multiline: true })
  opinion!: string;

  @WholeNumber({ min: 1, max: 5 })
  satisfaction!: number;
}

/** Closing says nothing more than that it is done. */
export class CloseTicket {}

export class ReopenTicket {
  @Text({ max: 1_000, multiline: true })
  reason!: string;
}

/** */
export class RecordService {
  @Uuid()
  customerId!: string;

  @Uuid({ optional: true })
  contactId?: string;

  @CalendarDate()
  servedOn!: string;

  @OneOf(SERVICE_KINDS)
  kind!: (typeof SERVICE_KINDS)[number];

  @Text({ max: 10_000, multiline: true })
  problem!: string;

  @Text({ max: 10_000, multiline: true })
  result!: string;

  @StaffId({ description: 'Opaque id of who served' })
  servedBy!: string;

  @Text({ max: 100 })
  servedByName!: string;

  @WholeNumber({ min: 1, max: 5, optional: true })
  satisfaction?: number;

  @Text({ max: 10_000, multiline: true, optional: true })
  remark?: string;
}
