import Type from 'typebox';
import { EVENTS } from '../schema/eventRegistry.ts';
import { ORIGINS } from '../wire/envelope.ts';
import { byEventType, eachVersion, storedData } from './eventData.ts';
import { UnreadableEntry } from './unreadableEvent.ts';
import { Id, Index, Instant, Revision, shape, Words } from './shapes.ts';

const counted = [...EVENTS.values()];

/** An event as it is stored, in the version that it was written in, and where (contract.md, «The event»). */
export const LoggedEvent = byEventType('LoggedEvent', counted, (definition) => ({
  specversion: Type.Enum(['1'], { type: 'string' }),
  id: Id(),
  version: Type.Integer({ minimum: 1 }),
  tenant: Type.String(),
  stream: Type.String(),
  revision: Revision(),
  position: Type.Integer({ minimum: 0 }),
  index: Index(),
  occurredAt: Instant(),
  recordedAt: Instant(),
  origin: Words(ORIGINS),
  actor: Type.String(),
  via: Type.String({ description: 'The service that decided' }),
  commandId: Id(),
  requestHmac: Type.String(),
  correlationId: Type.String(),
  causationId: Type.String(),
  customerId: Type.Optional(Id()),
  policies: Type.Object(
    {},
    {
      additionalProperties: { type: 'integer', minimum: 1 },
      description: 'Policies that the decision used: name → version',
    },
  ),
  data: eachVersion(definition, storedData),
}));

/** A part of the log. */
export const EventList = shape('EventList', {
  logId: Type.String({
    format: 'uuid',
    description: 'Identity of the log: an index means something only with it',
  }),
  formerLogId: Type.Optional(
    Type.String({
      format: 'uuid',
      description:
        'The log that this one was before it was restored from a backup; absent where it never was',
    }),
  ),
  forkIndex: Type.Optional(
    Type.Integer({
      minimum: 0,
      description:
        'Index of the last event that both logs have: what was read of the former one after it is void',
    }),
  ),
  head: Type.Integer({ minimum: -1, description: 'Index of the last event of the log' }),
  events: Type.Array(Type.Union([LoggedEvent, UnreadableEntry])),
  next: Type.Optional(
    Type.Integer({ minimum: 1, description: 'The `from` of the next page; absent at the end' }),
  ),
});
