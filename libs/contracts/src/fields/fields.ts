import { isPlainDate } from '@rapport/calendar';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsEmail,
  IsIn,
  IsInt,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateBy,
  ValidateNested,
} from 'class-validator';
import { STAFF_ID } from '../schema/types.ts';
import { field, type FieldOptions } from './decorate.ts';
import { isRfc3339 } from './rfc3339.ts';

/** Fields of commands: each is validation, transformation and OpenAPI description at once. */

// Neither control characters (but tab, CR, LF where `multiline`), nor blank. In one line no character that turns
// the direction of writing either: it makes a name look like another.
const ONE_LINE = /^(?=.*\S)[^\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]*$/u;
const LINES = /^(?=[\s\S]*\S)(?:[^\p{Cc}]|[\t\r\n])*$/u;

export interface TextOptions extends FieldOptions {
  readonly max: number;
  readonly multiline?: boolean;
}

/** Text that is not blank. */
export function Text(options: TextOptions): PropertyDecorator {
  return field(
    options,
    { type: String, minLength: 1, maxLength: options.max },
    IsString({ message: '$property must be text' }),
    MaxLength(options.max, { message: `$property must have at most ${options.max} characters` }),
    Matches(options.multiline === true ? LINES : ONE_LINE, {
      message: '$property must not be blank or hold control characters',
    }),
  );
}

/** Text of a fixed form. `form` says it in words. */
export function Pattern(pattern: RegExp, form: string, options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type: String, pattern: pattern.source },
    IsString({ message: '$property must be text' }),
    Matches(pattern, { message: `$property must be ${form}` }),
  );
}

export function OneOf(values: readonly string[], options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type: String, enum: [...values] },
    IsIn([...values], { message: `$property must be one of: ${values.join(', ')}` }),
  );
}

export function Uuid(options: FieldOptions = {}): PropertyDecorator {
  return Pattern(
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
    'a UUID in lower case',
    options,
  );
}

/** Who of our own people: an id that names nobody. */
export function StaffId(options: FieldOptions = {}): PropertyDecorator {
  return Pattern(
    new RegExp(STAFF_ID),
    'an id of at most 80 letters, digits and hyphens, such as a UUID, and no name',
    options,
  );
}

/** A day that exists, `2026-02-28`, from 1900 on: what is earlier is a typing error. */
export function CalendarDate(options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type: String, format: 'date', example: '2026-11-22' },
    ValidateBy(
      {
        name: 'calendarDate',
        validator: { validate: (value) => isPlainDate(value) && value >= '1900-01-01' },
      },
      { message: '$property must be a date that exists, from 1900 on, written YYYY-MM-DD' },
    ),
  );
}

/** An instant with an offset, RFC 3339, at most milliseconds, from 1900 to 9999 in UTC. */
export function Moment(options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type: String, format: 'date-time', example: '2026-11-22T09:30:00+08:00' },
    ValidateBy(
      { name: 'moment', validator: { validate: (value) => typeof value === 'string' && isRfc3339(value) } },
      {
        message:
          '$property must be an instant that exists, from 1900 to 9999 in UTC, with its offset: 2026-11-22T09:30:00+08:00',
      },
    ),
  );
}

export interface NumberOptions extends FieldOptions {
  readonly min: number;
  readonly max: number;
}

export function WholeNumber(options: NumberOptions): PropertyDecorator {
  const message = `$property must be a whole number from ${options.min} to ${options.max}`;
  return field(
    options,
    { type: 'integer', minimum: options.min, maximum: options.max },
    IsInt({ message }),
    Min(options.min, { message }),
    Max(options.max, { message }),
  );
}

export function Flag(options: FieldOptions = {}): PropertyDecorator {
  return field(options, { type: Boolean }, IsBoolean({ message: '$property must be true or false' }));
}

export function Email(options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type: String, format: 'email', maxLength: 254 },
    IsEmail({ allow_utf8_local_part: true }, { message: '$property must be an e-mail address' }),
  );
}

/** E.164 with an extension after `;ext=`. */
export function Phone(options: FieldOptions = {}): PropertyDecorator {
  return Pattern(
    /^\+[1-9]\d{6,14}(;ext=\d{1,7})?$/,
    'a phone number in E.164, +8613812345678, an extension after ;ext=',
    options,
  );
}

/** A nested object. */
export function Nested(type: () => new () => object, options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type },
    ValidateBy(
      {
        name: 'plainObject',
        validator: {
          validate: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
        },
      },
      { message: '$property must be an object' },
    ),
    ValidateNested(),
    Type(type),
  );
}

export interface ListOptions extends FieldOptions {
  readonly max: number;
}

export function ListOf(type: () => new () => object, options: ListOptions): PropertyDecorator {
  return field(
    options,
    { type, isArray: true, maxItems: options.max },
    IsArray({ message: '$property must be a list' }),
    ArrayMaxSize(options.max, { message: `$property must have at most ${options.max} items` }),
    ValidateNested({ each: true, message: 'each item of $property must be an object' }),
    Type(type),
  );
}

export function ListOfOneOf(values: readonly string[], options: ListOptions): PropertyDecorator {
  return field(
    options,
    { type: String, isArray: true, enum: [...values], maxItems: options.max },
    IsArray({ message: '$property must be a list' }),
    ArrayMaxSize(options.max, { message: `$property must have at most ${options.max} items` }),
    IsIn([...values], { each: true, message: `each item of $property must be one of: ${values.join(', ')}` }),
  );
}

export function ListOfIds(options: ListOptions): PropertyDecorator {
  return field(
    options,
    { type: String, isArray: true, maxItems: options.max },
    IsArray({ message: '$property must be a list' }),
    ArrayMaxSize(options.max, { message: `$property must have at most ${options.max} items` }),
    Matches(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, {
      each: true,
      message: 'each item of $property must be a UUID in lower case',
    }),
  );
}
