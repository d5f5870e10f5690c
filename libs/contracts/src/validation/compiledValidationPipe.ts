import { ValidationPipe, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { acceptorOf, type Class } from './acceptor.ts';
import { validationProblem } from './validationProblem.ts';

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
  });

  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    const { metatype } = metadata;
    if (
      metatype !== undefined &&
      !NOT_CLASSES.has(metatype) &&
      acceptorOf(metatype as Class)?.(value) === true
    ) {
      return value;
    }
    return this.standard.transform(value, metadata);
  }
}
