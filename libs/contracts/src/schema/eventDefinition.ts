import Type, { type Static, type TObject, type TProperties } from 'typebox';
import type { Category } from '../wire/streamName.ts';
import { sealedFields, type SealedField } from './sealedFields.ts';
import { storedSchema } from './storedSchema.ts';

/** A domain event's public definition: everything else about it is derived from here. */
export interface EventDefinition<T extends string = string, S extends TObject = TObject> {
  /** `crm.<context>.<EventType>` */
  readonly type: T;
  readonly version: number;
  /** Category of the streams that hold it. */
  readonly category: Category;
  /** JSON Schema of `data` as deciders make it. */
  readonly plain: S;
  /** JSON Schema of `data` as it is stored: classified fields are sealed values. */
  readonly stored: { readonly [keyword: string]: unknown };
  readonly sealedFields: readonly SealedField[];
}

export function defineEvent<T extends string, P extends TProperties>(
  type: T,
  version: number,
  category: Category,
  properties: P,
): EventDefinition<T, TObject<P>> {
  const plain = Type.Object(properties, { additionalProperties: false });
  return {
    type,
    version,
    category,
    plain: plain as TObject<P>,
    stored: storedSchema(plain),
    sealedFields: sealedFields(plain),
  };
}

/** Data of an event as deciders make it. */
export type DataOf<D> = D extends EventDefinition<string, infer S> ? Static<S> : never;

/** An event as a decider makes it: what happened, without envelope. */
export interface DomainEvent<T extends string = string, Data = unknown> {
  readonly type: T;
  readonly data: Data;
}

export type EventOf<D> = D extends EventDefinition<infer T, infer S> ? DomainEvent<T, Static<S>> : never;

/** Makes an event of a definition. */
export function event<T extends string, S extends TObject>(
  definition: EventDefinition<T, S>,
  data: Static<S>,
): DomainEvent<T, Static<S>> {
  return { type: definition.type, data };
}
