import Type, { type Static, type TObject, type TProperties } from 'typebox';
import type { JsonValue } from '../wire/canonicalJson.ts';
import { categoryOf, isCounted, type Category } from '../wire/streamName.ts';
import { sealedFields, type SealedField } from './sealedFields.ts';
import { storedSchema } from './storedSchema.ts';

/** In place of a category: events that may stand in every counted stream. */
export const COUNTED = 'counted';

/** One version of an event: everything about it is derived from its plain schema. */
export interface EventVersion<T extends string = string, S extends TObject = TObject> {
  /** `crm.<context>.<EventType>` */
  readonly type: T;
  readonly version: number;
  /** Category of the streams that hold it. */
  readonly category: Category | typeof COUNTED;
  /** JSON Schema of `data` as deciders make it. */
  readonly plain: S;
  /** JSON Schema of `data` as it is stored: classified fields are sealed values. */
  readonly stored: { readonly [keyword: string]: unknown };
  readonly sealedFields: readonly SealedField[];
}

/** Data of an event on its way from one version to the one beside it. Pure. */
export type VersionStep = (data: JsonValue) => JsonValue;

/** A version that stands in logs, and that nothing is decided in any more. */
export interface FormerVersion extends EventVersion {
  /** To the version after it. */
  readonly upcast: VersionStep;
  /** From the version after it: where that may still have to be written as this one. */
  readonly downcast?: VersionStep;
}

/**
 * A domain event's public definition: the version in which this release decides, folds and shows it, and those before.
 * It is the one registry of versions: whatever reads a stored event comes by it (decodeEvent.ts).
 */
export interface EventDefinition<T extends string = string, S extends TObject = TObject> extends EventVersion<
  T,
  S
> {
  /** Oldest first: version 1 is the first of them. */
  readonly former: readonly FormerVersion[];
  /** The version that this release writes, unless it is told to write what the one before reads (writtenForm.ts). */
  readonly written: number;
}

/** An event in its first version. */
export function defineEvent<T extends string, P extends TProperties>(
  type: T,
  version: 1,
  category: EventDefinition['category'],
  properties: P,
): EventDefinition<T, TObject<P>> {
  return { ...versionOf(type, version, category, properties), former: [], written: version };
}

/** How data comes from one version to the next. */
export interface VersionSteps<Former, Next> {
  /**
   * The data of the version before as this one says it: for everything that is in the log. It sees data as stored: a
   * sealed field is an opaque value, which it may move and leave out, never read.
   */
  readonly upcast: (data: Former) => Next;
  /**
   * This version's data as the one before says it: for the release that brings the version, while processes of the one
   * before run; the release after it leaves it out. It sees plain data. What it cannot say is refused, not lost
   * (writtenForm.ts).
   */
  readonly downcast?: (data: Next) => Former;
  /** `former`: this release reads the version and does not write it yet. Readers go out before writers. */
  readonly writes?: 'former';
}

/**
 * The next version of an event, which takes the place of `former`. Without its upcast it does not compile; its number
 * follows from the one before.
 */
export function nextVersion<T extends string, S extends TObject, P extends TProperties>(
  former: EventDefinition<T, S>,
  properties: P,
  { upcast, downcast, writes }: VersionSteps<Static<S>, Static<TObject<P>>>,
): EventDefinition<T, TObject<P>> {
  const { former: before, written, ...last } = former;
  if (writes === 'former' && downcast === undefined) {
    throw new TypeError(`${former.type} version ${former.version + 1} is not written and has no downcast`);
  }
  const version = former.version + 1;
  return {
    ...versionOf(former.type, version, former.category, properties),
    former: [
      ...before,
      {
        ...last,
        upcast: upcast as unknown as VersionStep,
        ...(downcast !== undefined && { downcast: downcast as unknown as VersionStep }),
      },
    ],
    written: writes === 'former' ? written : version,
  };
}

function versionOf<T extends string, P extends TProperties>(
  type: T,
  version: number,
  category: EventDefinition['category'],
  properties: P,
): EventVersion<T, TObject<P>> {
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

/** Every version of an event that logs may hold, oldest first. */
export function versionsOf(definition: EventDefinition): readonly EventVersion[] {
  return [...definition.former, definition];
}

/** Whether events of this definition may stand in a stream of this name. */
export function belongsInto({ category }: Pick<EventDefinition, 'category'>, stream: string): boolean {
  return category === COUNTED ? isCounted(stream) : categoryOf(stream) === category;
}

/** Data of an event as deciders make it. */
export type DataOf<D> = D extends EventVersion<string, infer S> ? Static<S> : never;

/** An event as a decider makes it: what happened, without envelope. */
export interface DomainEvent<T extends string = string, Data = unknown> {
  readonly type: T;
  readonly data: Data;
}

export type EventOf<D> = D extends EventVersion<infer T, infer S> ? DomainEvent<T, Static<S>> : never;

/** Makes an event of a definition. */
export function event<T extends string, S extends TObject>(
  definition: EventDefinition<T, S>,
  data: Static<S>,
): DomainEvent<T, Static<S>> {
  return { type: definition.type, data };
}
