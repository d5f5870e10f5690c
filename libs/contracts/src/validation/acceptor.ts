import { getMetadataStorage } from 'class-validator';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { checkOf, eachItem, type Check } from './checks.ts';

export type Class = new () => object;

/** Says yes to what the standard pipe would accept and hand on unchanged; no means: ask the standard pipe. */
export type Acceptor = (value: unknown) => boolean;

type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

interface Property {
  /** ValidateIf: where one says no, nothing else is asked. */
  readonly conditions: readonly ((object: object, value: unknown) => boolean)[];
  readonly checks: readonly Check[];
  readonly nested?: Acceptor;
}

const acceptors = new Map<Class, Acceptor | undefined>();

/**
 * Compiles the class-validator and class-transformer metadata of a class into a function that only ever accepts.
 * It knows the validators of checks.ts; a class with any other, with a conversion, or with groups is not compiled
 * (undefined): its values always take the standard way.
 */
export function acceptorOf(target: Class): Acceptor | undefined {
  if (!acceptors.has(target)) {
    // Before its parts are compiled: a class that contains itself is left to the standard pipe.
    acceptors.set(target, undefined);
    acceptors.set(target, compile(target));
  }
  return acceptors.get(target);
}

function compile(target: Class): Acceptor | undefined {
  if (isConverted(target)) return undefined;
  const byProperty = new Map<string, Metadata[]>();
  for (const metadata of getMetadataStorage().getTargetValidationMetadatas(target, '', false, false)) {
    const same = byProperty.get(metadata.propertyName);
    if (same === undefined) byProperty.set(metadata.propertyName, [metadata]);
    else same.push(metadata);
  }
  const properties = new Map<string, Property>();
  for (const [name, metadatas] of byProperty) {
    const property = compileProperty(target, name, metadatas);
    if (property === undefined) return undefined;
    properties.set(name, property);
  }
  return acceptorFrom(properties);
}

/** Whether class-transformer would do more with it than build the class. */
function isConverted(target: Class): boolean {
  const { _transformMetadatas, _exposeMetadatas, _excludeMetadatas } = defaultMetadataStorage;
  for (
    let type: Function = target;
    type !== Function.prototype;
    type = Object.getPrototypeOf(type) as Function
  ) {
    if ([_transformMetadatas, _exposeMetadatas, _excludeMetadatas].some((metadatas) => metadatas.has(type))) {
      return true;
    }
  }
  return false;
}

function compileProperty(target: Class, name: string, metadatas: readonly Metadata[]): Property | undefined {
  const conditions: Property['conditions'][number][] = [];
  const checks: Check[] = [];
  let isNested = false;
  for (const metadata of metadatas) {
    if ((metadata.groups?.length ?? 0) > 0 || metadata.validateIf !== undefined) return undefined;
    if (metadata.type === 'conditionalValidation') {
      conditions.push(metadata.constraints[0] as Property['conditions'][number]);
    } else if (metadata.type === 'nestedValidation') {
      isNested = true;
    } else {
      const check = checkOf(metadata);
      if (check === undefined) return undefined;
      checks.push(check);
    }
  }
  const type = defaultMetadataStorage.findTypeMetadata(target, name);
  if (type === undefined) return isNested ? undefined : { conditions, checks };
  // Only together do they mean «an object, or a list, of this class»; Type alone converts (Number, Date).
  if (!isNested || type.options?.discriminator !== undefined) return undefined;
  const nested = acceptorOf(type.typeFunction() as Class);
  return nested === undefined ? undefined : { conditions, checks, nested };
}

function acceptorFrom(properties: ReadonlyMap<string, Property>): Acceptor {
  const entries = [...properties];
  return (value) => {
    if (!isPlainObject(value)) return false;
    for (const key of Object.keys(value)) if (!properties.has(key)) return false;
    for (const [name, property] of entries) {
      if (!acceptsProperty(property, value, value[name])) return false;
    }
    return true;
  };
}

function acceptsProperty(property: Property, object: object, value: unknown): boolean {
  for (const condition of property.conditions) if (!condition(object, value)) return true;
  for (const check of property.checks) if (!check(value)) return false;
  const { nested } = property;
  if (nested === undefined) return true;
  return Array.isArray(value) ? eachItem(value, nested) : nested(value);
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
