import Type from 'typebox';
import { EVENTS } from '../schema/eventRegistry.ts';
import { byEventType, shownData } from './eventData.ts';
import { ORIGINS } from '../wire/envelope.ts';
import { Index, Instant, ListOfShape, Words } from './shapes.ts';
import { UnreadableEntry } from './unreadableEvent.ts';

const ofCustomers = [...EVENTS.values()].filter(({ plain }) => 'customerId' in plain.properties);

/** An event of any context that is about a customer. */
export const TimelineEntry = byEventType('TimelineEntry', ofCustomers, (definition) => ({
  index: Index(),
  stream: Type.String(),
  occurredAt: Instant(),
  recordedAt: Instant(),
  actor: Type.String({ description: 'Opaque id of who did it' }),
  origin: Words(ORIGINS),
  data: shownData(definition),
}));

export const TimelineItem = Type.Union([TimelineEntry, UnreadableEntry]);

export const Timeline = ListOfShape('Timeline', TimelineItem);
