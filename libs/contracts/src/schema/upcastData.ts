import type { JsonValue } from '../wire/canonicalJson.ts';
import { UnknownEventError } from './eventRegistry.ts';
import type { EventDefinition } from './eventDefinition.ts';

/**
 * Data of a stored event as this release reads it: every step from the version that it was written in. Pure; the log is
 * never rewritten.
 *
 * @param version that it was written in
 * @throws UnknownEventError for a version that no definition is known of
 */
export function upcastData(definition: EventDefinition, version: number, data: JsonValue): JsonValue {
  const { type, former } = definition;
  if (version === definition.version) return data;
  if (!Number.isInteger(version) || version < 1 || version > definition.version) {
    throw new UnknownEventError(type, version);
  }
  return former.slice(version - 1).reduce((before, { upcast }) => upcast(before), data);
}
