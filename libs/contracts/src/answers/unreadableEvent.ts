import Type, { type Static } from 'typebox';
import { UNREADABLE, type UnreadableEvent } from '../wire/envelope.ts';
import { Id, Index, shape, Words } from './shapes.ts';

/** In an event's place where this release cannot read it: where it stands, and why. No event has this `type`. */
export const UnreadableEntry = shape('UnreadableEvent', {
  type: Type.Enum(['unreadable'], { type: 'string' }),
  eventType: Type.String({ description: 'Type of the event, as the store has it' }),
  reason: Words(UNREADABLE),
  stream: Type.String(),
  revision: Type.Integer({ minimum: 0 }),
  index: Index(),
  position: Type.Integer({ minimum: 0 }),
  id: Id(),
  version: Type.Optional(Type.Integer()),
  asStored: Type.Optional(
    Type.Object(
      {},
      {
        additionalProperties: true,
        description: 'The event of a later release as it is stored, for auditors',
      },
    ),
  ),
});

export type UnreadableEntry = Static<typeof UnreadableEntry>;

/** As answers show it; `asStored` is for auditors alone. */
export function unreadableEntry(event: UnreadableEvent): UnreadableEntry {
  const { type: eventType, unreadable: reason, stream, revision, index, position, id, version } = event;
  return {
    type: 'unreadable',
    eventType,
    reason,
    stream,
    revision,
    index: index ?? -1,
    position,
    id,
    ...(version !== undefined && { version }),
  };
}
