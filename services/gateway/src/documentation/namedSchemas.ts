import { answers } from '@rapport/contracts';
import type { OpenAPIObject } from '@nestjs/swagger';

type Json = { [keyword: string]: unknown };
type Schemas = Record<string, object>;

const { nameOf, schemaPath } = answers;

/**
 * Moves every named shape among the document's schemas and refers to it from where it stood, so that generators make
 * one type of it.
 *
 * @throws TypeError where two different shapes have one name
 */
export function referToNamedSchemas(document: OpenAPIObject): OpenAPIObject {
  const schemas: Schemas = { ...(document.components?.schemas as Schemas | undefined) };
  const paths = move(document.paths as unknown as Json, schemas);
  return {
    ...document,
    paths: paths as unknown as OpenAPIObject['paths'],
    components: { ...document.components, schemas: schemas as never },
  };
}

function move(value: unknown, schemas: Schemas): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => move(item, schemas));
  const moved = plainly(
    Object.fromEntries(Object.entries(value).map(([name, part]) => [name, move(part, schemas)])),
  );
  const name = nameOf(value);
  if (typeof name !== 'string') return moved;
  const known = schemas[name];
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(moved)) {
    throw new TypeError(`two shapes are named ${name}`);
  }
  schemas[name] = moved;
  return { $ref: schemaPath(value) };
}

/** What may be null, and what is one of several words, as most generators understand it. */
function plainly(schema: Json): Json {
  const { anyOf, ...rest } = schema;
  const { enum: words, type } = schema;
  if (Array.isArray(words) && type === undefined && words.every((word) => typeof word === 'string')) {
    return { ...schema, type: 'string' };
  }
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return schema;
  const [one, other] = anyOf as [Json, Json];
  if (other['type'] !== 'null' || typeof one['type'] !== 'string') return schema;
  const { enum: values } = one;
  return {
    ...one,
    ...rest,
    type: [one['type'], 'null'],
    ...(Array.isArray(values) && { enum: [...(values as unknown[]), null] }),
  };
}
