import { type EncodedEvent, partitionOf } from '@rapport/contracts';
import { envelopeFields } from './envelopeFields.ts';
import { factType } from './factSubject.ts';

/** A recorded, counted event as subscribers get it. */
export interface Fact {
  readonly logId: string;
  /** Place among the log's counted events, from 0. */
  readonly index: number;
  /** Index of the event before it in its partition, -1 for the first: shows a gap behind a filter too. */
  readonly prevIndex: number;
  readonly id: string;
  readonly type: string;
  /** In which the event was written; 0 where its bytes are no envelope. */
  readonly version: number;
  readonly stream: string;
  readonly revision: number;
  readonly partition: number;
  /** W3C trace context, where the event's correlation id can be one. */
  readonly traceparent: string | undefined;
  /** The stored bytes. */
  readonly data: Uint8Array;
}

/** What the log knows of an event that becomes a fact; every event store's StoredEvent fits. */
export interface CountedEvent extends EncodedEvent {
  readonly type: string;
  readonly stream: string;
}

/** The partition of an event, from its envelope; that of no customer where the bytes are none. */
export function partitionOfEvent(event: EncodedEvent): number {
  return partitionOf(envelopeFields(event).customerId);
}

/**
 * The fact of an event: the same for every relay that publishes it, so that it does not matter which one does.
 *
 * @param previous takes in the event's partition, answers the index of the event before it there, -1 for the first
 * @throws Error when it is not counted
 */
export function factOf(
  logId: string,
  event: CountedEvent,
  previous: (partition: number, index: number) => number,
): Fact {
  const { id, index, stream, revision, data } = event;
  if (index === null)
    throw new Error(`the event at position ${event.position} is not counted: it is no fact`);
  const { version, customerId, correlationId } = envelopeFields(event);
  const partition = partitionOf(customerId);
  const prevIndex = previous(partition, index);
  const traceparent = traceparentOf(correlationId, id);
  const type = factType(event.type);
  return { logId, index, prevIndex, id, type, version, stream, revision, partition, traceparent, data };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The trace is what the request began (its correlation id has a trace id's 16 bytes), the span is the event. */
function traceparentOf(correlationId: string, eventId: string): string | undefined {
  if (!UUID.test(correlationId) || !UUID.test(eventId)) return undefined;
  return `00-${correlationId.replaceAll('-', '')}-${eventId.replaceAll('-', '').slice(16)}-01`;
}
