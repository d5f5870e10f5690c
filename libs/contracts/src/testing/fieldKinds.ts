/** What a field says of itself to OpenAPI: its kind. */
export interface FieldKind {
  readonly name: string;
  readonly required: boolean;
  readonly isList: boolean;
  /** Largest list. */
  readonly maxItems?: number;
  /** What it, or each of its items, is: another class, or a value of JSON. */
  readonly type: Class | 'string' | 'boolean' | 'integer' | 'object';
  readonly enum?: readonly string[];
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

export type Class = new () => object;

/** The fields of a body or of a query's parameters, in the order in which they are declared. */
export function fieldKinds(of: Class): readonly FieldKind[] {
  const prototype = of.prototype as object;
  const names = (Reflect.getMetadata('swagger/apiModelPropertiesArray', prototype) ?? []) as string[];
  return names.map((marked) => {
    const name = marked.slice(1);
    const about = Reflect.getMetadata('swagger/apiModelProperties', prototype, name) as Metadata;
    return {
      ...about,
      name,
      required: about.required !== false,
      isList: about.isArray === true,
      type: typeOf(about.type),
      enum: about.enum ?? about.items?.enum,
    } as FieldKind;
  });
}

interface Metadata {
  readonly type?: unknown;
  readonly required?: boolean;
  readonly isArray?: boolean;
  readonly enum?: readonly string[];
  readonly items?: { readonly enum?: readonly string[] };
}

function typeOf(type: unknown): FieldKind['type'] {
  if (type === String) return 'string';
  if (type === Boolean) return 'boolean';
  if (typeof type === 'function') return (type as () => Class)();
  return type as FieldKind['type'];
}
