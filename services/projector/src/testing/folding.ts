import type { CurrentEvent, DomainEvent, RecordedEvent, SealedValue } from '@rapport/contracts';
import { asRecorded } from '@rapport/event-sourcing';
import type { DocumentBody, Projection } from '@rapport/views';

export type At = Partial<
  Pick<RecordedEvent, 'index' | 'revision' | 'stream' | 'origin' | 'policies' | 'position'>
> & {
  readonly occurredAt?: string;
};

/** An event as the log holds it, frozen: a fold that changes what it is given fails. */
export function recorded(event: DomainEvent, at: At = {}): CurrentEvent {
  const { occurredAt, ...place } = at;
  const index = at.index ?? at.revision ?? 0;
  return frozen({ ...asRecorded(event, index, occurredAt), ...place });
}

/** Events one after the other in one stream, an hour apart. */
export function inStream(stream: string, ...events: readonly DomainEvent[]): readonly CurrentEvent[] {
  return events.map((event, revision) =>
    recorded(event, {
      stream,
      revision,
      occurredAt: `2026-03-10T${String(revision).padStart(2, '0')}:00:00.000Z`,
    }),
  );
}

/** A value as it stands in the log once sealed. Hides nothing. */
export function sealed(kind: 'customer' | 'person', id: string): SealedValue {
  return { v: 2, alg: 'A256GCM', kid: `main/${kind}/${id}/1`, nonce: 'AAAAAAAAAAAAAAAA', ct: 'A'.repeat(22) };
}

/**
 * Every document that these events make, by key. Each fold happens twice on frozen input: a fold that keeps
 * something back, asks the clock or changes its input cannot pass.
 */
export function documentsOf<Body extends DocumentBody>(
  projection: Projection<Body>,
  events: readonly CurrentEvent[],
): ReadonlyMap<string, Body> {
  const documents = new Map<string, Body>();
  for (const event of events) {
    if (!projection.types.includes(event.type)) continue;
    for (const key of projection.keys(event)) {
      const before = documents.get(key);
      const after = projection.fold(before, event, key);
      const again = projection.fold(before, event, key);
      if (JSON.stringify(after) !== JSON.stringify(again))
        throw new Error(`${projection.name}: another result`);
      if (after === null) documents.delete(key);
      else if (after !== undefined) documents.set(key, frozen(after));
    }
  }
  return documents;
}

function frozen<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const item of Object.values(value)) frozen(item);
  return Object.freeze(value);
}
