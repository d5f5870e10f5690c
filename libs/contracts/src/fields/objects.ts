import { Type } from 'class-transformer';
import { ValidateBy, ValidateNested } from 'class-validator';
import { isPlainObject, neverField } from '../validation/plainObject.ts';
import { field, type FieldOptions } from './decorate.ts';
import { list, type Item, type ListOptions } from './lists.ts';

export type Class = new () => object;

const OBJECT: Item = { is: isPlainObject, message: 'must be an object' };

/**
 * What is said of objects of a class within another, alone or in a list. Class-validator's own check of nested
 * objects takes a list in an object's place, at every depth: the shape is checked beside it.
 */
function within(type: () => Class): PropertyDecorator[] {
  return [ValidateNested(), Type(type)];
}

/** OpenAPI knows a class that is named later by a function of this name only. */
function described(type: () => Class): { readonly type: () => Class } {
  return { type: () => type() };
}

/** A nested object. */
export function Nested(type: () => Class, options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    described(type),
    ValidateBy(
      { name: 'plainObject', validator: { validate: OBJECT.is } },
      { message: `$property ${OBJECT.message}` },
    ),
    ...within(type),
  );
}

/** A list of nested objects. */
export function ListOf(type: () => Class, options: ListOptions): PropertyDecorator {
  return list(options, described(type), OBJECT, ...within(type));
}

/** An object of any fields, whose own schema is checked elsewhere. */
export function AnyObject(options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type: 'object', additionalProperties: true },
    ValidateBy(
      {
        name: 'anyObject',
        validator: { validate: (value) => isPlainObject(value) && neverField(value) === undefined },
      },
      { message: '$property must be an object' },
    ),
  );
}

/** Text by name, as a row of a file has it: its columns are known to whoever reads it. */
export function TextsByName(options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type: 'object', additionalProperties: { type: 'string' } },
    ValidateBy(
      {
        name: 'textsByName',
        validator: {
          validate: (value) =>
            isPlainObject(value) && Object.values(value).every((text) => typeof text === 'string'),
        },
      },
      { message: '$property must be an object of text' },
    ),
  );
}
