import { Matches, Max, Min, IsInt, IsString } from 'class-validator';
import { Transform } from 'class-transformer';
import { field } from '../fields/decorate.ts';
import { OneOf, Pattern, Text, Uuid, WholeNumber } from '../fields/fields.ts';
import { SEGMENTS, TIERS, type Segment, type Tier } from '../vocabulary/profiles.ts';
import { RISK_LEVELS } from '../vocabulary/risk.ts';
import { SURVEY_KINDS } from '../vocabulary/satisfaction.ts';
import { TICKET_KINDS, TICKET_LEVELS, TICKET_STATES } from '../vocabulary/tickets.ts';

const DIGITS = /^\d{1,16}$/;

/** A whole number in a query string: digits only, neither `1e2`, `0x10` nor an empty value is one. */
function Count(min: number, max: number, description: string): PropertyDecorator {
  const message = `$property must be a whole number from ${min} to ${max}`;
  return field(
    { optional: true, description },
    { type: 'integer', minimum: min, maximum: max },
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && DIGITS.test(value) ? Number(value) : value,
    ),
    IsInt({ message }),
    Min(min, { message }),
    Max(max, { message }),
  );
}

/** What every query that reads a view takes. */
export class Consistency {
  @field(
    { optional: true, description: 'Position token of a command: waits briefly until the view has it' },
    { type: String },
    IsString({ message: '$property must be text' }),
    Matches(/^[0-9a-f-]{36}\.\d{1,16}$/, { message: '$property must be the position of a command’s answer' }),
  )
  after?: string;
}

/** An opaque place in a list. */
function Cursor(): PropertyDecorator {
  return field(
    { optional: true, description: 'The `next` of the page before' },
    { type: String },
    IsString({ message: '$property must be text' }),
    Matches(/^[A-Za-z0-9_-]{1,2000}$/, { message: '$property must be the next of the page before' }),
  );
}

/** A page holds fewer items than `limit` where they are large: `next` tells whether there are more. */
export class Page extends Consistency {
  @Cursor()
  cursor?: string;

  @Count(1, 200, 'Items a page at most; default 50. Large ones make a page shorter')
  limit?: number;
}

export class ListCustomers extends Page {
  @OneOf(TIERS, { optional: true })
  tier?: Tier;

  @OneOf(SEGMENTS, { optional: true })
  segment?: Segment;

  @Text({ max: 100, optional: true, description: 'Beginning of a company’s name' })
  name?: string;
}

export class ListTiers extends Page {
  @OneOf(TIERS, { optional: true })
  tier?: Tier;
}

export class ListTickets extends Page {
  @Uuid({ optional: true })
  customerId?: string;

  @OneOf(TICKET_STATES, { optional: true })
  state?: (typeof TICKET_STATES)[number];

  @OneOf(TICKET_KINDS, { optional: true })
  kind?: (typeof TICKET_KINDS)[number];

  @OneOf(TICKET_LEVELS, { optional: true })
  level?: (typeof TICKET_LEVELS)[number];
}

export class ReadTicket extends Consistency {
  @Cursor()
  cursor?: string;

  @Count(1, 200, 'Events of its history a page at most; default 200. Large ones make a page shorter')
  limit?: number;
}

export class ListRisks extends Page {
  @Uuid({ optional: true })
  customerId?: string;

  @OneOf(RISK_LEVELS, { optional: true })
  level?: (typeof RISK_LEVELS)[number];
}

export class SummariseSatisfaction extends Consistency {
  @OneOf(TIERS, { optional: true })
  tier?: Tier;

  @Pattern(/^\d{4}-Q[1-4]$/, 'a calendar quarter: 2026-Q4', { optional: true })
  period?: string;

  @OneOf(SURVEY_KINDS, { optional: true })
  kind?: (typeof SURVEY_KINDS)[number];
}

export class ReadEvents {
  @Count(0, Number.MAX_SAFE_INTEGER, 'Index of the first event; default 0')
  from?: number;

  @Count(1, 1_000, 'Default 100')
  limit?: number;
}

export class UnparkKey {
  @Text({ max: 200, description: 'The parked key' })
  key!: string;
}

export class SwitchVersion {
  @WholeNumber({ min: 1, max: 1_000_000, description: 'Version that answers from now on' })
  version!: number;
}

/** Nothing to say. */
export class Nothing {}

export class ListParked extends Page {
  @Pattern(/^[a-z]+\/[a-z0-9-]{1,80}$/, 'what parked it: "reaction/standing-1", "deadlines/profiles"', {
    optional: true,
  })
  owner?: string;
}
