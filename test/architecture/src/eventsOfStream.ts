import {
  EVENTS,
  type Category,
  type DomainEvent,
  type EventDefinition,
  type RecordedEvent,
} from '@rapport/contracts';
import { asRecorded } from '@rapport/event-sourcing';
import fc from 'fast-check';

export type Generate = (definition: EventDefinition) => fc.Arbitrary<unknown>;

/** Different data of one kind of event; ids are made for each event. */
const SAMPLES = 200;
const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:/;

/**
 * As many events, in turn of every kind that a stream of the category holds. Those of one turn are about the same: what
 * is added first may be changed then.
 */
export function* eventsOfStream(
  category: Category,
  length: number,
  generate: Generate,
): Iterable<RecordedEvent> {
  const kinds = [...EVENTS.values()].filter((definition) => definition.category === category);
  const samples = kinds.map((definition) => fc.sample(generate(definition), { numRuns: SAMPLES, seed: 1 }));
  for (let n = 0; n < length; n += 1) {
    const kind = n % kinds.length;
    const turn = Math.floor(n / kinds.length);
    const sample = samples[kind]![turn % SAMPLES];
    yield asRecorded({ type: kinds[kind]!.type, data: renewed(sample, turn) } as DomainEvent, n);
  }
}

/** The same with ids, years and instants of its own: data from a schema alone names no real instant. */
function renewed(data: unknown, turn: number): unknown {
  return Object.fromEntries(
    Object.entries(data as object).map(([name, value]) => {
      if (name === 'year') return [name, 1 + (turn % 9_999)];
      if (typeof value !== 'string') return [name, value];
      if (ID.test(value)) return [name, `${turn.toString(16).padStart(8, '0')}-0000-5000-8000-000000000000`];
      return [name, INSTANT.test(value) ? new Date(turn * 60_000).toISOString() : value];
    }),
  );
}
