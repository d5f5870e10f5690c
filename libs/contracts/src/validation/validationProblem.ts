import { Problem, type FieldError } from '@rapport/platform';
import type { ValidationError } from 'class-validator';
import { ITEMS, type Item } from '../fields/lists.ts';
import { fieldPath } from './fieldPath.ts';

export const UNKNOWN_FIELD = 'is not a known field; leave it out';
const MAX_ERRORS = 50;

/** What class-validator found, as a problem that names each field and never holds a value. */
export function validationProblem(found: readonly ValidationError[]): Problem {
  const errors = [...fieldErrors(found, '', false)].slice(0, MAX_ERRORS);
  return new Problem({
    kind: 'invalid-input',
    detail: `The request is not acceptable: ${errors.map(({ field }) => field).join(', ')}.`,
    errors,
  });
}

function* fieldErrors(
  found: readonly ValidationError[],
  above: string,
  inList: boolean,
): Generator<FieldError> {
  for (const error of found) {
    const { property, constraints = {}, children = [], value } = error;
    const field = fieldPath(above, inList ? Number(property) : property);
    // Of several complaints about one field the first that was declared says the most; the others follow from it, and
    // so does what is wrong within a value of the wrong shape.
    const [first] = Object.entries(constraints);
    if (first === undefined) yield* fieldErrors(children, field, Array.isArray(value));
    else if (first[0] === ITEMS) yield* itemErrors(error, field);
    else yield { field, message: messageOf(first) };
  }
}

/** Each item that is wrong itself, and what is wrong within the others. */
function* itemErrors(
  { contexts, children = [], value }: ValidationError,
  field: string,
): Generator<FieldError> {
  const { is, message } = (contexts as Record<typeof ITEMS, Item>)[ITEMS];
  const items = value as readonly unknown[];
  for (const [n, item] of items.entries()) if (!is(item)) yield { field: fieldPath(field, n), message };
  yield* fieldErrors(
    children.filter(({ property }) => is(items[Number(property)])),
    field,
    true,
  );
}

function messageOf([constraint, message]: readonly [string, string]): string {
  return constraint === 'whitelistValidation' ? UNKNOWN_FIELD : message;
}
