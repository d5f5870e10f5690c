import { getMetadataStorage } from 'class-validator';

/** One validator of one property, said of a value alone. */
export type Check = (value: unknown) => boolean;

interface Validator {
  readonly type: string;
  readonly name?: string;
  readonly each: boolean;
  readonly constraintCls: Function;
  readonly constraints: readonly unknown[];
}

/** Fast forms; each accepts what the validator of that name accepts. */
const FAST: Readonly<Record<string, (...constraints: readonly unknown[]) => Check | undefined>> = {
  isString: () => (value) => typeof value === 'string',
  isBoolean: () => (value) => typeof value === 'boolean',
  isInt: () => Number.isInteger,
  isArray: () => Array.isArray,
  min: (least) => (value) => typeof value === 'number' && value >= (least as number),
  max: (most) => (value) => typeof value === 'number' && value <= (most as number),
  arrayMaxSize: (most) => (value) => Array.isArray(value) && value.length <= (most as number),
  isIn: (values) => {
    if (!Array.isArray(values)) return undefined;
    const known = new Set<unknown>(values);
    return (value) => known.has(value);
  },
  matches: (pattern, modifiers) => {
    if (!(pattern instanceof RegExp) || modifiers !== undefined) return undefined;
    // A global or sticky one remembers where it stopped.
    if (pattern.global || pattern.sticky) return undefined;
    return (value) => typeof value === 'string' && pattern.test(value);
  },
};

/** Validators that ask for nothing but the value: taken as they are. */
const OF_THE_VALUE_ALONE: ReadonlySet<string> = new Set([
  'anyObject',
  'calendarDate',
  'codePoints',
  'isEmail',
  'items',
  'moment',
  'plainObject',
  'textsByName',
]);

/** undefined where the validator is not known well enough to stand in for it. */
export function checkOf(metadata: Validator): Check | undefined {
  if (metadata.type !== 'customValidation' || metadata.name === undefined) return undefined;
  const one = FAST[metadata.name]?.(...(metadata.constraints ?? [])) ?? asItIs(metadata);
  if (one === undefined || !metadata.each) return one;
  // With `each`, a value that is no list would be judged itself: left to the standard pipe.
  return (value) => Array.isArray(value) && eachItem(value, one);
}

/** `every` would pass over the gaps of a sparse array, which the standard pipe closes. */
export function eachItem(list: readonly unknown[], check: Check): boolean {
  for (const item of list) if (!check(item)) return false;
  return true;
}

function asItIs(metadata: Validator): Check | undefined {
  if (metadata.name === undefined || !OF_THE_VALUE_ALONE.has(metadata.name)) return undefined;
  const constraints = getMetadataStorage().getTargetValidatorConstraints(metadata.constraintCls);
  const only = constraints.length === 1 ? constraints[0] : undefined;
  if (only === undefined || only.async) return undefined;
  const args = {
    value: undefined,
    constraints: [...(metadata.constraints ?? [])],
    targetName: '',
    object: {},
    property: '',
  };
  return (value) => only.instance.validate(value, { ...args, value }) === true;
}
