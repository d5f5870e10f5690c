import { isPlainDate } from '@rapport/calendar';
import { IsBoolean, IsEmail, IsIn, IsInt, IsString, Matches, Max, Min, ValidateBy } from 'class-validator';
import { STAFF_ID } from '../schema/types.ts';
import { field, type FieldOptions } from './decorate.ts';
import { isRfc3339 } from './rfc3339.ts';
import { UUID } from './uuid.ts';

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
    AtMost(options.max),
    Matches(options.multiline === true ? LINES : ONE_LINE, {
      message: '$property must not be blank or hold control characters',
    }),
  );
}

/**
 * At most so many code points, as JSON Schema counts them in the event that the text goes into. Class-validator counts
 * a variation selector as nothing, and would let in what cannot be recorded.
 */
function AtMost(max: number): PropertyDecorator {
  return ValidateBy(
    {
      name: 'codePoints',
      validator: { validate: (value) => typeof value === 'string' && hasAtMost(max, value) },
    },
    { message: `$property must have at most ${max} characters` },
  );
}

function hasAtMost(max: number, text: string): boolean {
  return text.length <= max || (text.length <= 2 * max && [...text].length <= max);
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
  return Pattern(UUID, 'a UUID in lower case', options);
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

/** RFC 5321: a path of 256 octets, less its brackets. */
const EMAIL_LENGTH = 254;

export function Email(options: FieldOptions = {}): PropertyDecorator {
  return field(
    options,
    { type: String, format: 'email', maxLength: EMAIL_LENGTH },
    AtMost(EMAIL_LENGTH),
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
