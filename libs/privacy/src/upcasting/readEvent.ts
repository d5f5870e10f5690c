import {
  decodeEvent,
  EVENTS,
  NoEnvelopeError,
  rememberDecoded,
  UnknownEventError,
  type EncodedEvent,
  type EventDefinition,
  type ReadEvent,
  type RecordedEvent,
  type Unreadable,
  type UnreadableEvent,
} from '@rapport/contracts';
import { currentEvent } from './currentEvent.ts';

/** A stored event as it lies in the log; every event store's StoredEvent fits. */
export interface EventInLog extends EncodedEvent {
  readonly stream: string;
  readonly type: string;
}

/**
 * What a stored event says to this release: the event in the version that it reads, or, as a value, that it cannot be
 * read and why. Never throws: one event that nobody can read must not keep a reader from all others.
 */
export function readEvent(stored: EventInLog): ReadEvent {
  const event = decodeStored(stored);
  return event === undefined ? unreadableEvent(stored, 'no-envelope') : readRecorded(event);
}

/** The same, and what was decoded is kept with the bytes, for the others who follow. */
export function readEventOnce(stored: EventInLog): ReadEvent {
  const event = decodeStored(stored);
  if (event === undefined) return unreadableEvent(stored, 'no-envelope');
  rememberDecoded(stored.data, event);
  return readRecorded(event);
}

/** The same for an event that was decoded already, in this process or by the ledger. */
export function readRecorded(
  event: RecordedEvent,
  events: ReadonlyMap<string, EventDefinition> = EVENTS,
): ReadEvent {
  try {
    return currentEvent(event, events);
  } catch (error) {
    const { version, customerId } = event;
    const why = !(error instanceof UnknownEventError)
      ? 'not-upcast'
      : events.has(event.type)
        ? 'unknown-version'
        : 'unknown-type';
    return {
      ...unreadableEvent(event, why),
      version,
      ...(customerId !== undefined && { customerId }),
      asStored: event,
    };
  }
}

/** The event as it is stored; undefined where its bytes are no envelope, or that of another event. */
export function decodeStored(stored: EventInLog): RecordedEvent | undefined {
  try {
    const event = decodeEvent(stored);
    // Bytes of another place are no envelope of this one.
    return event.type === stored.type && event.stream === stored.stream ? event : undefined;
  } catch (error) {
    if (error instanceof NoEnvelopeError) return undefined;
    throw error;
  }
}

/** What is said of an event that cannot be read. */
export function unreadableEvent(
  { id, position, index, stream, revision, type }: Omit<EventInLog, 'data'>,
  why: Unreadable,
): UnreadableEvent {
  return { unreadable: why, id, position, index, stream, revision, type };
}
