import { DEADLINE_EVENT_TYPES, EVENTS } from '@rapport/contracts';
import type { Projection } from '@rapport/views';

/** Where an event of a customer's timeline stands in the log; what it says is read there. */
export interface TimelineEntry {
  readonly [field: string]: unknown;
  readonly customerId: string;
  readonly occurredAt: string;
  readonly stream: string;
  readonly revision: number;
}

// What a due says of itself is no event of the customer's; what it fired is.
const types = [...EVENTS.values()]
  .filter(({ type, plain }) => 'customerId' in plain.properties && !DEADLINE_EVENT_TYPES.has(type))
  .map(({ type }) => type);

/** One timeline of every context, in order of business time: an index of the log by customer. */
export const timelineProjection: Projection<TimelineEntry> = {
  name: 'timeline',
  version: 1,
  indexes: [{ fields: ['customerId', 'occurredAt'] }],
  types,
  starts: types,
  keys: (event) => (event.index === null || event.customerId === undefined ? [] : [entryKey(event.index)]),
  fold: (_entry, { customerId, occurredAt, stream, revision }) => ({
    customerId: customerId!,
    occurredAt,
    stream,
    revision,
  }),
};

/** Keys sort as their indexes do. */
export function entryKey(index: number): string {
  return String(index).padStart(16, '0');
}
