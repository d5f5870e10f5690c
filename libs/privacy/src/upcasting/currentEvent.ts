import {
  EVENTS,
  UnknownEventError,
  versionsOf,
  upcastData,
  type CurrentEvent,
  type EventDefinition,
  type JsonValue,
  type RecordedEvent,
} from '@rapport/contracts';
import { movable } from '../sealing/sealedPlace.ts';

/**
 * A recorded event in the version that this release reads: the one way from what is stored to what is folded, reacted to
 * and shown. Its sealed values open as they did where they were sealed, wherever the upcasts moved them. The same
 * object where it stands in that version already, which nearly all do.
 *
 * @throws UnknownEventError for a type or version of another release; what an upcast throws
 */
export function currentEvent(
  event: RecordedEvent,
  events: ReadonlyMap<string, EventDefinition> = EVENTS,
): CurrentEvent {
  const { type, version } = event;
  const definition = events.get(type);
  if (definition?.version === version) return event as CurrentEvent;
  if (definition === undefined) throw new UnknownEventError(type, version);
  const written = versionsOf(definition)[version - 1];
  if (written === undefined) throw new UnknownEventError(type, version);
  const data = upcastData(definition, version, movable(event, written) as JsonValue);
  return { ...event, version: definition.version, data } as CurrentEvent;
}
