import type { TSchema } from 'typebox';

/**
 * Whose key seals a field. `person`: a contact, or a customer who is an individual. `customer`: free text, which
 * belongs to the customer. `finance`: confidential figures of a customer, kept when a person is erased.
 */
export type KeyOwnerKind = 'person' | 'customer' | 'finance';

export interface FieldClass {
  readonly class: 'personal' | 'free-text' | 'confidential';
  /** Key owner: its kind, and the top-level field of `data` that holds its id. */
  readonly owner: { readonly kind: KeyOwnerKind; readonly idField: string };
  /** Sealed only where this top-level field of `data` has this value; clear otherwise. */
  readonly when?: { readonly field: string; readonly equals: string };
}

/** The JSON Schema keyword that carries a field's class. */
export const FIELD_CLASS = 'x-field-class';

function mark<S extends TSchema>(schema: S, fieldClass: FieldClass): S {
  return Object.assign(schema, { [FIELD_CLASS]: fieldClass });
}

/** Data about a person: sealed with the key of the person whose id stands in `idField`. */
export function personal<S extends TSchema>(schema: S, idField: string, when?: FieldClass['when']): S {
  return mark(schema, { class: 'personal', owner: { kind: 'person', idField }, ...(when && { when }) });
}

/** Free text that anyone may have written anything into: sealed with the customer's key. */
export function freeText<S extends TSchema>(schema: S, idField = 'customerId'): S {
  return mark(schema, { class: 'free-text', owner: { kind: 'customer', idField } });
}

/** Financial fields: sealed with the customer's finance key. */
export function confidential<S extends TSchema>(schema: S, idField = 'customerId'): S {
  return mark(schema, { class: 'confidential', owner: { kind: 'finance', idField } });
}

export function fieldClassOf(schema: TSchema): FieldClass | undefined {
  return (schema as { [FIELD_CLASS]?: FieldClass })[FIELD_CLASS];
}
