import { EVENTS, type DomainEvent } from '@rapport/contracts';

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly format?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

export interface SampleOptions {
  /** The id of every field for which it says so; the others have ids that no other sample has. */
  readonly isFixed: (field: string) => boolean;
  readonly fixed: string;
  /** Longest text, in characters. */
  readonly longest: number;
}

const UUID = /^\^\[0-9a-f\]\{8\}-/;

/** The n-th event of a type with every field, no two of which say the same. */
export function sampleEvent(type: string, n: number, options: SampleOptions): DomainEvent {
  return { type, data: sampleOf(EVENTS.get(type)!.plain as unknown as Schema, '', n, options) };
}

/** Names of the fields of an event that are ids. */
export function idFields(type: string): readonly string[] {
  const { properties = {} } = EVENTS.get(type)!.plain as unknown as Schema;
  return Object.keys(properties).filter((field) => UUID.test(properties[field]!.pattern ?? ''));
}

function sampleOf(schema: Schema, field: string, n: number, options: SampleOptions): unknown {
  if (schema.enum !== undefined) return schema.enum[n % schema.enum.length];
  switch (schema.type) {
    case 'string':
      return textOf(schema, field, n, options);
    case 'integer':
      return Math.min(schema.maximum ?? Infinity, Math.max(schema.minimum ?? 0, n));
    case 'boolean':
      return n % 2 === 0;
    case 'array':
      return Array.from({ length: schema.maxItems ?? 20 }, (_, item) =>
        sampleOf(schema.items!, field, n + item, options),
      );
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, property]) => [
          name,
          sampleOf(property, name, n, options),
        ]),
      );
    default:
      throw new TypeError(`no sample of ${JSON.stringify(schema)}`);
  }
}

function textOf(
  { pattern, format, maxLength = 40 }: Schema,
  field: string,
  n: number,
  { isFixed, fixed, longest }: SampleOptions,
): string {
  const digits = String(n).padStart(12, '0');
  if (UUID.test(pattern ?? '')) return isFixed(field) ? fixed : `0f5a7f6e-0000-5000-9000-${digits}`;
  const day = String((n % 28) + 1).padStart(2, '0');
  if (format === 'date') return `2026-03-${day}`;
  const found = PATTERNED.find((sample) => pattern !== undefined && new RegExp(pattern).test(sample));
  if (found !== undefined) return found;
  if (pattern !== undefined) throw new TypeError(`no sample of ${field}: ${pattern}`);
  const text = `${n}${'长'.repeat(longest)}`;
  return text.slice(0, Math.min(maxLength, longest));
}

/** One of each kind of text that must look a certain way. */
const PATTERNED = [
  'reaction/standing-1',
  '2026-03-10T01:00:00.000Z',
  '12345.00',
  'CNY',
  '1.5',
  '2026-Q1',
  'I65',
  '91110108MA01ABCD2X',
  'team-7',
];
