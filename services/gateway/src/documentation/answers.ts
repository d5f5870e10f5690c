import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { TIERS, type CommandAnswer } from '@rapport/contracts';

/** Shapes of answers, for the documentation: the views may show more. */

const id = { type: String, format: 'uuid', example: '018f3c5e-7d1a-5c3b-9a51-0c1f6f1a2b3c' } as const;

export class CommandAnswerDocument implements CommandAnswer {
  @ApiProperty({ ...id, description: 'Of what the command created or changed' })
  id!: string;

  @ApiPropertyOptional({
    ...id,
    isArray: true,
    description: 'Of the parts that it created, in order of the request',
  })
  ids?: readonly string[];

  @ApiProperty({
    description: 'Position token: the `after` of a query that must see it',
    example: '018f3c5e-7d1a-7c3b-9a51-0c1f6f1a2b3c.1024',
  })
  position!: string;

  @ApiProperty({
    type: 'integer',
    description: 'Revision of the record: its ETag without quotes',
    example: 3,
  })
  revision!: number;

  @ApiProperty({ description: 'It had been carried out before; nothing new was recorded' })
  repeated!: boolean;
}

export class ListDocument {
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true } })
  items!: readonly object[];

  @ApiPropertyOptional({
    description:
      'The `cursor` of the next page; absent on the last. A page of large items has fewer than `limit`',
  })
  next?: string;
}

export class RecordDocument {
  @ApiProperty(id)
  id!: string;
}

const items = { type: 'array', items: { type: 'object', additionalProperties: true } } as const;

export class TicketDocument extends RecordDocument {
  @ApiProperty({ ...items, description: 'A page of what was said and done, the earliest first' })
  history!: readonly object[];

  @ApiPropertyOptional({ description: 'The `cursor` of the next page of the history; absent on the last' })
  next?: string;
}

class TierDocument {
  @ApiProperty({ enum: TIERS })
  value!: string;

  @ApiProperty({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    description: 'R-020, R-026',
  })
  reasons!: readonly object[];
}

export class CustomerDocument extends RecordDocument {
  @ApiProperty({ description: 'Masked for roles that may not see it', example: '科技有限公司' })
  name!: string;

  @ApiProperty({ type: TierDocument })
  tier!: TierDocument;

  @ApiProperty({ type: String, nullable: true, description: 'R-025', example: 'high-value' })
  segment!: string | null;

  @ApiProperty({ ...items, description: 'As many as fit, in the order in which they were added' })
  contacts!: readonly object[];

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { type: 'string', nullable: true },
    description:
      'Of each list that is not shown to its end, the `cursor` with which it goes on; null: from its beginning. ' +
      '`contacts`: at `/contacts` of this customer',
  })
  more?: object;
}

/** Customer 360. */
export class CustomerViewDocument extends CustomerDocument {
  @ApiProperty({
    ...items,
    description: '20 at most; `more.openTickets` goes on at `/api/tickets?customerId=`',
  })
  openTickets!: readonly object[];

  @ApiPropertyOptional({
    ...items,
    description:
      '20 at most; `more.risks` goes on at `/api/risks?customerId=`. Absent where you may not read the risk register',
  })
  risks?: readonly object[];

  @ApiProperty({ ...items, description: '20 at most; `more.surveys` goes on at `/surveys` of this customer' })
  surveys!: readonly object[];

  @ApiProperty({
    ...items,
    description: '20 at most; `more.timeline` goes on at `/timeline` of this customer',
  })
  timeline!: readonly object[];
}

export class TierSummaryDocument {
  @ApiProperty({ type: 'integer' })
  A!: number;

  @ApiProperty({ type: 'integer' })
  B!: number;

  @ApiProperty({ type: 'integer' })
  C!: number;

  @ApiProperty({ type: 'integer' })
  prospect!: number;
}

export class SatisfactionSummaryDocument {
  @ApiProperty({
    type: 'object',
    additionalProperties: {
      type: 'object',
      properties: { mean: { type: 'string', nullable: true }, n: { type: 'integer' } },
    },
    description: 'By dimension (R-090, R-092)',
  })
  dimensions!: object;

  @ApiProperty({ type: String, nullable: true, example: 'responseSpeed' })
  weakest!: string | null;
}

export class EventsDocument {
  @ApiProperty({ ...id, description: 'Identity of the log: an index means something only with it' })
  logId!: string;

  @ApiPropertyOptional({
    ...id,
    description: 'The log that this one was before it was restored from a backup; absent where it never was',
  })
  formerLogId?: string;

  @ApiPropertyOptional({
    type: 'integer',
    description:
      'Index of the last event that both logs have: what was read of the former one after it is void',
  })
  forkIndex?: number;

  @ApiProperty({
    type: 'array',
    items: { type: 'object', additionalProperties: true },
    description: 'As stored',
  })
  events!: readonly object[];
}

export class SignedInDocument {
  @ApiProperty({ description: 'Bearer token' })
  token!: string;

  @ApiProperty({ type: 'integer', description: 'Seconds until it expires' })
  expiresIn!: number;
}
