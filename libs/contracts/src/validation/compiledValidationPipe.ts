import { ValidationPipe, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { invalidInput } from '@rapport/platform';
import { acceptorOf, type Class } from './acceptor.ts';
import { fieldPath } from './fieldPath.ts';
import { isPlainObject, neverField } from './plainObject.ts';
import { UNKNOWN_FIELD, validationProblem } from './validationProblem.ts';

const NOT_CLASSES: ReadonlySet<unknown> = new Set([String, Boolean, Number, Array, Object, Buffer, Date]);

/**
 * Validation without its price: what a compiled acceptor accepts passes as it is; everything else goes to the
 * standard ValidationPipe, whose word is final and whose refusal is what the sender reads. A refused value costs
 * what it always cost, an accepted one almost nothing.
 *
 * Accepted values stay plain objects; the standard pipe hands on instances with the same properties.
 *
 * Errors: Problem `invalid-input` naming each field, never its value.
 */
export class CompiledValidationPipe implements PipeTransform {
  private readonly standard = new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    exceptionFactory: validationProblem,
    // By them the wrong items of a list are found.
    validationError: { value: true },
  });

  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    const { metatype, type } = metadata;
    if (metatype === undefined || NOT_CLASSES.has(metatype)) return this.standard.transform(value, metadata);
    if (acceptorOf(metatype as Class)?.(value) === true) return value;
    assertOfOwnFields(value, type);
    return this.standard.transform(value, metadata);
  }
}

/** What the standard pipe would take in an object's place, or drop unseen. */
function assertOfOwnFields(value: unknown, what: string): void {
  if (value === undefined) return;
  if (!isPlainObject(value)) throw invalidInput(what, 'must be an object');
  const never = neverField(value);
  if (never !== undefined) throw invalidInput(never.reduce<string>(fieldPath, ''), UNKNOWN_FIELD);
}
