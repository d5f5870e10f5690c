import Type, { type TSchema } from 'typebox';
import { fieldClassOf, FIELD_CLASS, type FieldClass } from '../schema/fieldClass.ts';
import { named, shape, Words } from './shapes.ts';

const CLASSES = ['personal', 'free-text', 'confidential'] as const satisfies readonly FieldClass['class'][];

/** In a field's place where the roles of whoever asks do not see it. */
export const Masked = shape('Masked', { masked: Type.Literal(true), class: Words(CLASSES) });

/** In a field's place after the erasure of whose it was. */
export const Erased = shape('Erased', { erased: Type.Literal(true) });

/** A classified field as answers show it. */
export function guarded<S extends TSchema>(clear: S) {
  return Type.Union([clear, Masked, Erased]);
}

/** Text of a person, or free text. */
export const GuardedText = () => named('GuardedText', guarded(Type.String()));

export const GuardedDay = () => named('GuardedDay', guarded(Type.String({ format: 'date' })));

/** A schema of event data with something else in the place of each classified field. */
export function replaceClassified(
  schema: TSchema,
  instead: (clear: TSchema, fieldClass: FieldClass) => TSchema,
): TSchema {
  const fieldClass = fieldClassOf(schema);
  if (fieldClass !== undefined) {
    const { [FIELD_CLASS]: _class, ...clear } = schema as TSchema & { [FIELD_CLASS]: FieldClass };
    return instead(clear, fieldClass);
  }
  const { properties, items } = schema as { properties?: Record<string, TSchema>; items?: TSchema };
  return {
    ...schema,
    ...(properties !== undefined && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [name, replaceClassified(property, instead)]),
      ),
    }),
    ...(items !== undefined && { items: replaceClassified(items, instead) }),
  };
}
