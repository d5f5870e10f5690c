import type { TSchema } from 'typebox';
import { FIELD_CLASS, fieldClassOf, type FieldClass } from './fieldClass.ts';
import { SealedValue } from './sealedValue.ts';

type JsonSchema = { [keyword: string]: unknown };

/**
 * The schema of data as stored, derived from the plain one: every classified field is a sealed value. A field
 * that is sealed only sometimes is bound to its condition, so that the ledger refuses a clear one.
 */
export function storedSchema(plain: TSchema): JsonSchema {
  const conditions: JsonSchema[] = [];
  const schema = replace(plain as JsonSchema, conditions, []);
  return conditions.length === 0 ? schema : { ...schema, allOf: conditions };
}

function replace(schema: JsonSchema, conditions: JsonSchema[], path: readonly string[]): JsonSchema {
  const fieldClass = fieldClassOf(schema as TSchema);
  if (fieldClass !== undefined) return seal(schema, fieldClass, conditions, path);
  const copy: JsonSchema = { ...schema };
  if (schema['properties'] !== undefined) {
    copy['properties'] = Object.fromEntries(
      Object.entries(schema['properties'] as Record<string, JsonSchema>).map(([name, property]) => [
        name,
        replace(property, conditions, [...path, name]),
      ]),
    );
  }
  if (schema['items'] !== undefined) {
    copy['items'] = replace(schema['items'] as JsonSchema, conditions, [...path, '*']);
  }
  return copy;
}

function seal(
  schema: JsonSchema,
  fieldClass: FieldClass,
  conditions: JsonSchema[],
  path: readonly string[],
): JsonSchema {
  const sealed: JsonSchema = { ...SealedValue, [FIELD_CLASS]: fieldClass };
  if (fieldClass.when === undefined) return sealed;
  if (path.length !== 1)
    throw new TypeError('a conditionally sealed field must be a top-level field of data');
  const { [FIELD_CLASS]: _class, ...clear } = schema;
  const { field, equals } = fieldClass.when;
  conditions.push({
    if: { properties: { [field]: { const: equals } } },
    // oxlint-disable-next-line no-thenable -- the JSON Schema keyword
    then: { properties: { [path[0]!]: SealedValue } },
    else: { properties: { [path[0]!]: clear } },
  });
  return { [FIELD_CLASS]: fieldClass };
}
