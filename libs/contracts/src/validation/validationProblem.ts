import { Problem, type FieldError } from '@rapport/platform';
import type { ValidationError } from 'class-validator';
import { fieldPath } from './fieldPath.ts';

const MAX_ERRORS = 50;

/** What class-validator found, as a problem that names each field and never holds a value. */
export function validationProblem(found: readonly ValidationError[]): Problem {
  const errors = [...fieldErrors(found, '')].slice(0, MAX_ERRORS);
  return new Problem({
    kind: 'invalid-input',
    detail: `The request is not acceptable: ${errors.map(({ field }) => field).join(', ')}.`,
    errors,
  });
}

function* fieldErrors(found: readonly ValidationError[], above: string): Generator<FieldError> {
  for (const { property, constraints, children } of found) {
    const field = pathOf(above, property);
    // Of several complaints about one field the first that was declared says the most; the others follow from it.
    const first = Object.entries(constraints ?? {})[0];
    if (first !== undefined) yield { field, message: messageOf(first) };
    if (children !== undefined) yield* fieldErrors(children, field);
  }
}

function messageOf([constraint, message]: readonly [string, string]): string {
  if (constraint === 'whitelistValidation') return 'is not a known field; leave it out';
  if (message.startsWith('Validation failed')) return 'must be an object';
  return message;
}

function pathOf(above: string, property: string): string {
  return fieldPath(above, above !== '' && /^\d+$/.test(property) ? Number(property) : property);
}
