import Type, {
  type TArray,
  type TObject,
  type TOptional,
  type TProperties,
  type TSchema,
  type TString,
  type TUnion,
} from 'typebox';

/**
 * A shape that clients have a type of their own for: it stands among the schemas of /openapi.json under this name, and
 * everything that has it refers to it.
 */
export function named<S extends TSchema>(name: string, schema: S): S {
  return Object.assign(schema, { title: name });
}

/** The name of a shape; undefined where it has none. */
export function nameOf(schema: object): string | undefined {
  return (schema as { readonly title?: string }).title;
}

/** Where a named shape stands in /openapi.json. */
export function schemaPath(schema: object): string {
  return `#/components/schemas/${nameOf(schema)!}`;
}

/** An object of these fields, with a name. It says nothing of others: a later release may add some. */
export function shape<P extends TProperties>(name: string, fields: P, description?: string): TObject<P> {
  return named(name, Type.Object(fields, description === undefined ? {} : { description }));
}

export const Nullable = <S extends TSchema>(schema: S): TUnion<[S, TSchema & { static: null }]> =>
  Type.Union([schema, Type.Null()]) as unknown as TUnion<[S, TSchema & { static: null }]>;

export const Words = <const T extends readonly string[]>(values: T) =>
  Type.Enum([...values] as unknown as [...T], { type: 'string' });

/** A page of a list, in its order. */
export const ListOfShape = <S extends TSchema>(
  name: string,
  item: S,
): TObject<{ items: TArray<S>; next: TOptional<TString> }> =>
  shape(name, { items: Type.Array(item), next: Next() });

export const Next = () =>
  Type.Optional(
    Type.String({
      description:
        'The `cursor` of the next page; absent on the last. A page of large items has fewer than `limit`',
    }),
  );

export const Id = () => Type.String({ format: 'uuid', examples: ['018f3c5e-7d1a-5c3b-9a51-0c1f6f1a2b3c'] });

export const Day = () => Type.String({ format: 'date' });

/** UTC with milliseconds. */
export const Instant = () => Type.String({ format: 'date-time' });

export const Count = () => Type.Integer({ minimum: 0 });

export const Revision = () =>
  Type.Integer({ minimum: -1, description: 'Of the record’s stream: its ETag without quotes' });

/** Index of an event in the log. */
export const Index = () => Type.Integer({ minimum: -1 });

export const PolicyVersion = () => Type.Integer({ minimum: 1 });
