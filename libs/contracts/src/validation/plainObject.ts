/**
 * What no object of ours has as a field, since every object has it already: class-transformer and Nest's pipe drop such
 * a field unseen, and JSON.parse may act on it. It is refused by name instead.
 */
export const NEVER_FIELDS: ReadonlySet<string> = new Set([
  ...Object.getOwnPropertyNames(Object.prototype),
  'prototype',
]);

/** Whether a value is an object, and neither a list nor null. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The path of the first field at any depth that no object may have; undefined where there is none. */
export function neverField(value: unknown): readonly (string | number)[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return firstBelow(value.entries());
  const own = Object.keys(value).find((name) => NEVER_FIELDS.has(name));
  return own === undefined ? firstBelow(Object.entries(value)) : [own];
}

function firstBelow(
  parts: Iterable<readonly [string | number, unknown]>,
): readonly (string | number)[] | undefined {
  for (const [name, part] of parts) {
    const below = neverField(part);
    if (below !== undefined) return [name, ...below];
  }
  return undefined;
}
