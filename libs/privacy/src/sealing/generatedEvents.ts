import fc from 'fast-check';
import type { EventVersion } from '@rapport/contracts';
import type { EventData } from './sealedSlots.ts';

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly minItems?: number;
}

/** Ranges in which something can go wrong: controls, quotes, Chinese, combining marks, beyond the BMP. */
const CHARACTER = fc
  .oneof(
    fc.integer({ min: 0, max: 0x7f }),
    fc.integer({ min: 0x80, max: 0x36f }),
    fc.integer({ min: 0x4e00, max: 0x9fff }),
    fc.integer({ min: 0x1f300, max: 0x1faff }),
  )
  .map((code) => String.fromCodePoint(code));

/** Data of an event, generated from its plain schema. For tests. */
export function generatedData(definition: EventVersion): fc.Arbitrary<EventData> {
  return generated(definition.plain as unknown as Schema) as fc.Arbitrary<EventData>;
}

function generated(schema: Schema): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.const !== undefined) return fc.constant(schema.const);
  switch (schema.type) {
    case 'string':
      return generatedText(schema);
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -1_000, max: schema.maximum ?? 1_000_000 });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(generated(schema.items!), { minLength: schema.minItems ?? 0, maxLength: 4 });
    case 'object': {
      const properties = Object.entries(schema.properties ?? {});
      const required = schema.required ?? [];
      return fc
        .record(Object.fromEntries(properties.map(([name, property]) => [name, generated(property)])), {
          requiredKeys: [...required],
        })
        .filter((data) => Object.keys(data).length >= (schema.minProperties ?? 0));
    }
    default:
      throw new TypeError(`no generator for ${JSON.stringify(schema)}`);
  }
}

function generatedText({ pattern, format, minLength = 0, maxLength = 100 }: Schema): fc.Arbitrary<string> {
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  if (format === 'date') {
    const two = (n: number) => String(n).padStart(2, '0');
    return fc
      .tuple(
        fc.integer({ min: 1970, max: 2060 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 28 }),
      )
      .map(([year, month, day]) => `${year}-${two(month)}-${two(day)}`);
  }
  return fc
    .array(CHARACTER, { minLength, maxLength: Math.min(maxLength, 40) })
    .map((characters) => characters.join('').normalize('NFC').slice(0, maxLength))
    .filter((text) => text.isWellFormed() && text.normalize('NFC') === text);
}
