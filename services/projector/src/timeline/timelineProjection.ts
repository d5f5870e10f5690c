import { EVENTS } from '@rapport/contracts';
import { carry } from '@rapport/privacy';
import type { Projection } from '@rapport/views';

export interface TimelineEntry {
  readonly [field: string]: unknown;
  readonly index: number;
  readonly customerId: string;
  readonly stream: string;
  readonly type: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  readonly actor: string;
  readonly origin: string;
  readonly data: unknown;
}

/** One timeline of every context: each event of a customer, sealed fields still sealed. */
export const timelineProjection: Projection<TimelineEntry> = {
  name: 'timeline',
  version: 1,
  indexes: [{ fields: ['customerId', 'occurredAt'] }, { fields: ['stream'] }],
  types: [...EVENTS.values()].filter(({ plain }) => 'customerId' in plain.properties).map(({ type }) => type),
  keys: (event) => (event.index === null || event.customerId === undefined ? [] : [entryKey(event.index)]),
  fold: (_entry, event) => ({
    index: event.index!,
    customerId: event.customerId!,
    stream: event.stream,
    type: event.type,
    occurredAt: event.occurredAt,
    recordedAt: event.recordedAt,
    actor: event.actor,
    origin: event.origin,
    data: carry(event, ''),
  }),
};

/** Keys sort as their indexes do. */
export function entryKey(index: number): string {
  return String(index).padStart(16, '0');
}
