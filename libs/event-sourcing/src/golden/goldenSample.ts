import { ledgerEvents, POLICIES, uuid5, type EventVersion, type JsonValue } from '@rapport/contracts';
import { EVENT_TIME } from './goldenTime.ts';

/** `full`: every field, lists with two items or as many as must be, the last of what may be chosen. `minimal`: what must be there, the first. */
export type Variant = 'full' | 'minimal';

interface Schema {
  readonly type?: string;
  readonly enum?: readonly JsonValue[];
  readonly const?: JsonValue;
  readonly anyOf?: readonly Schema[];
  readonly pattern?: string;
  readonly format?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly minProperties?: number;
  readonly required?: readonly string[];
}

const NAMESPACE = '5c1f0f0e-3f5e-5b7a-9d0c-60a11de4e4e7';

/** The same id for the same name in all golden events: so they are about one customer, one ticket, one contact. */
export function goldenId(name: string): string {
  return uuid5(NAMESPACE, name);
}

/** What a schema alone does not tell. */
const SPECIAL: Readonly<Record<string, (variant: Variant) => Readonly<Record<string, JsonValue>>>> = {
  [ledgerEvents.PolicyChanged.type]: (variant) => ({
    policy: 'recording',
    version: variant === 'full' ? 3 : 2,
    value: POLICIES.recording.defaultValue,
  }),
  [ledgerEvents.ReactionAdvanced.type]: () => ({ reaction: 'standing' }),
};

/** Values of fields by their names, where those of their schema would make no sense beside others. */
const NAMED: Readonly<Record<string, JsonValue>> = {
  participants: [goldenId('contactId')],
  endedAt: '2026-03-10T02:10:00.000Z',
  year: 2026,
  currency: 'CNY',
  amount: '150000.00',
  cny: '150000.00',
  spend365dCny: '150000.00',
  net365dCny: '150000.00',
  recencyDays: [30, 90, 180, 365],
  creditCode: '91350100M000100Y43',
  industry: 'C39',
  deadline: 'standing-review',
};

/** Plain data of one version of an event. Pure: the same for the same schema. */
export function goldenSample(version: EventVersion, variant: Variant): Readonly<Record<string, JsonValue>> {
  const data = sample(version.plain as unknown as Schema, 'data', variant) as Record<string, JsonValue>;
  return { ...data, ...SPECIAL[version.type]?.(variant) };
}

function sample(schema: Schema, name: string, variant: Variant): JsonValue {
  const full = variant === 'full';
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum.at(full ? -1 : 0)!;
  if (schema.anyOf !== undefined) return sample(schema.anyOf.at(full ? -1 : 0)!, name, variant);
  const named = NAMED[name];
  if (named !== undefined && typeof named === schema.type) return named;
  switch (schema.type) {
    case 'string':
      return text(schema, name, full);
    case 'integer':
    case 'number':
      return typeof named === 'number' ? named : ((full ? schema.maximum : schema.minimum) ?? (full ? 7 : 0));
    case 'boolean':
      return full;
    case 'array': {
      if (Array.isArray(named) && full) return named;
      const fewest = schema.minItems ?? 0;
      const items = full ? Math.max(2, fewest) : fewest;
      return Array.from({ length: items }, () => sample(schema.items!, name.replace(/s$/, ''), variant));
    }
    case 'object':
      return object(schema, variant);
    default:
      throw new TypeError(`golden events know no sample of ${name}: ${JSON.stringify(schema)}`);
  }
}

function object({ properties = {}, required = [], minProperties = 0 }: Schema, variant: Variant): JsonValue {
  const names = Object.keys(properties);
  const chosen =
    variant === 'full' ? names : names.filter((name, n) => required.includes(name) || n < minProperties);
  return Object.fromEntries(chosen.map((name) => [name, sample(properties[name]!, name, variant)]));
}

/** Texts that fit a pattern, tried one after the other. */
const PATTERNED = [
  EVENT_TIME,
  '150000.00',
  '7.25',
  'CNY',
  '2026-Q1',
  'C39',
  '91350100M000100Y43',
  'demo-account-manager',
  'reaction/standing-1',
];

function text(
  { pattern, format, minLength = 1, maxLength = 40 }: Schema,
  name: string,
  full: boolean,
): string {
  if (format === 'date') return '2026-03-10';
  if (pattern === undefined) return `${name} 样例`.slice(0, maxLength).padEnd(minLength, '例');
  const fits = new RegExp(pattern, 'u');
  const candidates = [goldenId(name), ...PATTERNED, name, name.toLowerCase(), '1', 'a'];
  const found = candidates.find((candidate) => fits.test(candidate));
  if (found === undefined) {
    throw new TypeError(`golden events know no text for ${name}: add one that fits ${pattern} to PATTERNED`);
  }
  return full && found === 'CNY' ? 'EUR' : found;
}
