import type { TObject, TSchema } from 'typebox';
import { fieldClassOf, type FieldClass } from './fieldClass.ts';

/** A field of an event's data that is sealed: where it is and whose key seals it. */
export interface SealedField {
  /** Property names below `data`; `*` stands for every item of a list: `['nextSteps', '*', 'text']`. */
  readonly path: readonly string[];
  readonly fieldClass: FieldClass;
}

/** The fields of a plain schema that are sealed when stored, in order of the schema. */
export function sealedFields(schema: TSchema, path: readonly string[] = []): readonly SealedField[] {
  const fieldClass = fieldClassOf(schema);
  if (fieldClass !== undefined) return [{ path, fieldClass }];
  const { properties, items } = schema as Partial<TObject> & { items?: TSchema };
  if (items !== undefined) return sealedFields(items, [...path, '*']);
  return Object.entries(properties ?? {}).flatMap(([name, property]) =>
    sealedFields(property, [...path, name]),
  );
}
