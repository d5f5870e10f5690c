import fc from 'fast-check';

/** For tests: valid bodies of a command, drawn from what its fields say of themselves to OpenAPI. */
export function validBodies(body: new () => object): fc.Arbitrary<object> {
  const prototype = body.prototype as object;
  const names = (Reflect.getMetadata('swagger/apiModelPropertiesArray', prototype) ?? []) as string[];
  const fields: Record<string, fc.Arbitrary<unknown>> = {};
  const required: string[] = [];
  for (const name of names.map((marked) => marked.slice(1))) {
    const about = Reflect.getMetadata('swagger/apiModelProperties', prototype, name) as FieldMetadata;
    fields[name] = about.isArray === true ? fc.array(one(about), { maxLength: 2 }) : one(about);
    if (about.required !== false) required.push(name);
  }
  return fc.record(fields, { requiredKeys: required });
}

interface FieldMetadata {
  readonly type?: unknown;
  readonly required?: boolean;
  readonly isArray?: boolean;
  readonly enum?: readonly string[];
  readonly items?: { readonly enum?: readonly string[] };
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

function one(about: FieldMetadata): fc.Arbitrary<unknown> {
  const values = about.enum ?? about.items?.enum;
  if (values !== undefined) return fc.constantFrom(...values);
  if (about.format === 'date') return fc.constantFrom('2024-02-29', '2026-11-22');
  if (about.format === 'date-time')
    return fc.constantFrom('2026-11-22T09:30:00+08:00', '2024-02-29T23:59:59.999Z');
  if (about.format === 'email') return fc.constant('zhang@example.com');
  if (about.pattern !== undefined) return fc.stringMatching(new RegExp(about.pattern));
  if (about.type === 'integer') return fc.integer({ min: about.minimum, max: about.maximum });
  if (about.type === Boolean) return fc.boolean();
  if (about.type === String)
    return about.maxLength === undefined ? fc.uuid() : fc.constantFrom('张三', 'x', '𠮷野家');
  if (about.type === 'object') return fc.constant({});
  return validBodies((about.type as () => new () => object)());
}
