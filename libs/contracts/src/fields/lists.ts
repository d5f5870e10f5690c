import type { ApiPropertyOptions } from '@nestjs/swagger';
import { ArrayMaxSize, IsArray, ValidateBy } from 'class-validator';
import { field, type FieldOptions } from './decorate.ts';
import { UUID } from './uuid.ts';

export interface ListOptions extends FieldOptions {
  readonly max: number;
}

/** What each item of a list must be. It is the context of the list's constraint, by which wrong items are named. */
export interface Item {
  readonly is: (item: unknown) => boolean;
  readonly message: string;
}

/** Name of the constraint whose context is an Item. */
export const ITEMS = 'items';

/** A list of at most so many items that are each alike. */
export function list(
  options: ListOptions,
  api: object,
  item: Item,
  ...more: readonly PropertyDecorator[]
): PropertyDecorator {
  return field(
    options,
    { ...api, isArray: true, maxItems: options.max } as ApiPropertyOptions,
    IsArray({ message: '$property must be a list' }),
    ArrayMaxSize(options.max, { message: `$property must have at most ${options.max} items` }),
    ValidateBy(
      { name: ITEMS, validator: { validate: (value) => !Array.isArray(value) || areAll(value, item) } },
      { message: `each item of $property ${item.message}`, context: item },
    ),
    ...more,
  );
}

export function ListOfOneOf(values: readonly string[], options: ListOptions): PropertyDecorator {
  const known = new Set<unknown>(values);
  return list(
    options,
    { type: String, enum: [...values] },
    { is: (item) => known.has(item), message: `must be one of: ${values.join(', ')}` },
  );
}

export function ListOfIds(options: ListOptions): PropertyDecorator {
  return list(
    options,
    { type: String, pattern: UUID.source },
    { is: (item) => typeof item === 'string' && UUID.test(item), message: 'must be a UUID in lower case' },
  );
}

/** `every` would pass over the gaps of a sparse array. */
function areAll(items: readonly unknown[], { is }: Item): boolean {
  for (const item of items) if (!is(item)) return false;
  return true;
}
