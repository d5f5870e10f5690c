import fc from 'fast-check';
import { fieldKinds, type Class, type FieldKind } from './fieldKinds.ts';

/** Values that a test has for fields of some names: ids of what is there, such as `customerId`. */
export type Known = Readonly<Record<string, unknown>>;

/** Valid bodies of a command, drawn from the kinds of their fields. */
export function validBodies(body: Class, known: Known = {}): fc.Arbitrary<Record<string, unknown>> {
  const kinds = fieldKinds(body);
  return fc.record(
    Object.fromEntries(kinds.map((kind) => [kind.name, validValues(kind, known)])) as Record<
      string,
      fc.Arbitrary<unknown>
    >,
    {
      requiredKeys: kinds.filter(({ required }) => required).map(({ name }) => name),
      // As JSON.parse makes them.
      noNullPrototype: true,
    },
  );
}

/** Valid values of one field. */
export function validValues(kind: FieldKind, known: Known = {}): fc.Arbitrary<unknown> {
  const given = known[kind.name];
  const one = given === undefined ? validItems(kind, known) : fc.constant(given);
  return kind.isList ? fc.array(one, { maxLength: Math.min(2, kind.maxItems ?? 2) }) : one;
}

function validItems(kind: FieldKind, known: Known): fc.Arbitrary<unknown> {
  const { type, format, pattern, minimum, maximum, maxLength } = kind;
  if (kind.enum !== undefined) return fc.constantFrom(...kind.enum);
  if (typeof type === 'function') return validBodies(type, known);
  switch (type) {
    case 'integer':
      return fc.integer({ min: minimum, max: maximum });
    case 'boolean':
      return fc.boolean();
    case 'object':
      return fc.constant({});
    case 'string':
      break;
  }
  switch (format) {
    case 'date':
      return fc.constantFrom('2024-02-29', '2026-01-22');
    case 'date-time':
      return fc.constantFrom('2026-01-22T09:30:00+08:00', '2024-02-29T23:59:59.999Z');
    case 'email':
      return fc.constantFrom('zhang@example.com', longestEmail());
    default:
      if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
      return maxLength === undefined ? fc.uuid() : texts(maxLength);
  }
}

/** Also as long as it may be, of characters that are counted in several ways. */
function texts(max: number): fc.Arbitrary<string> {
  return fc.constantFrom(
    '张三',
    'x',
    '𠮷野家',
    '𠮷'.repeat(max),
    '☺\ufe0f'.repeat(max / 2),
    '长'.repeat(max),
  );
}

function longestEmail(): string {
  const domain = `${`${'d'.repeat(61)}.`.repeat(3)}com`;
  return `${'l'.repeat(254 - 1 - domain.length)}@${domain}`;
}
