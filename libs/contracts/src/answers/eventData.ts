import Type, { type TObject, type TProperties, type TSchema } from 'typebox';
import { versionsOf, type EventDefinition, type EventVersion } from '../schema/eventDefinition.ts';
import { SealedValue } from '../schema/sealedValue.ts';
import { guarded, replaceClassified } from './guarded.ts';
import { named, schemaPath, shape } from './shapes.ts';

/**
 * Data of an event as answers show it: what is classified may be masked or erased.
 *
 * @param without fields that the answer has in another place
 */
export function shownData({ plain }: EventDefinition, without: readonly string[] = []): TSchema {
  const shown = replaceClassified(plain, (clear) => guarded(clear)) as TObject;
  const isLeft = (name: string): boolean => !without.includes(name);
  return {
    ...shown,
    properties: Object.fromEntries(Object.entries(shown.properties).filter(([name]) => isLeft(name))),
    required: shown.required.filter(isLeft),
  };
}

/** Data of an event as the log holds it: what is classified is sealed, some of it under a condition only. */
export function storedData({ plain }: EventVersion): TSchema {
  const sealed = named('SealedValue', { ...SealedValue });
  return replaceClassified(plain, (clear, { when }) =>
    when === undefined ? sealed : Type.Union([sealed, clear]),
  );
}

/** Data of an event in any version that logs hold. */
export function eachVersion(definition: EventDefinition, data: (version: EventVersion) => TSchema): TSchema {
  const versions = versionsOf(definition).map(data);
  return versions.length === 1 ? versions[0]! : Type.Union(versions);
}

/** One of these events, told apart by its type. Each has a name of its own, which begins with `name`. */
export function byEventType(
  name: string,
  definitions: readonly EventDefinition[],
  fields: (definition: EventDefinition) => TProperties,
): TSchema {
  const shapes = definitions.map((definition) => ({
    type: definition.type,
    shape: shape(name + shortName(definition), {
      type: Type.Enum([definition.type], { type: 'string' }),
      ...fields(definition),
    }),
  }));
  return named(name, {
    oneOf: shapes.map((one) => one.shape),
    discriminator: {
      propertyName: 'type',
      mapping: Object.fromEntries(shapes.map((one) => [one.type, schemaPath(one.shape)])),
    },
  } as TSchema);
}

/** `TicketOpened` of `crm.tickets.TicketOpened`. */
function shortName({ type }: EventDefinition): string {
  return type.slice(type.lastIndexOf('.') + 1);
}
