import { isSealed, type EventDefinition, type FieldClass, type SealedValue } from '@rapport/contracts';
import type { KeyOwner } from '../keys/keyOwner.ts';
import { authenticatedData, type SealingContext } from './authenticatedData.ts';
import { TamperedFieldError } from './sealedFieldErrors.ts';
import type { EventData } from './sealedSlots.ts';

/** An event as far as its sealed values depend on it. Stored, or upcast from what is stored. */
export interface SealedEvent extends SealingContext {
  readonly type: string;
  readonly version: number;
  readonly data: unknown;
}

/** Whose key seals a field, as the event's data say; undefined where they do not. */
export function ownerIn(data: EventData, { owner: { kind, idField } }: FieldClass): KeyOwner | undefined {
  const id = data[idField];
  return typeof id === 'string' ? { kind, id } : undefined;
}

/**
 * What the sealed value at a place of an event must have been bound to.
 *
 * The key's owner must be the one that the event names. In `v: 1` nothing else tells two persons of one command apart.
 *
 * @param pointer JSON pointer of the field below `data`
 * @throws TamperedFieldError where no value stands that is sealed with the key of such an owner
 */
export function boundTo(
  event: SealedEvent,
  pointer: string,
  fieldClass: FieldClass,
  value: unknown,
): { readonly sealed: SealedValue; readonly authenticated: string } {
  const owner = ownerIn(event.data as EventData, fieldClass);
  const v = isSealed(value) ? value.v : 1;
  const authenticated = authenticatedData(v, event, event.type, pointer, owner?.id ?? '');
  if (!isSealed(value)) throw new TamperedFieldError(authenticated, 'is not sealed');
  const own = `${event.tenant}/${fieldClass.owner.kind}/${owner?.id}/`;
  if (owner === undefined || typeof value.kid !== 'string' || !value.kid.startsWith(own)) {
    throw new TamperedFieldError(authenticated, 'names a key of another owner than its event');
  }
  return { sealed: value, authenticated };
}

const places = new WeakMap<EventDefinition, ReadonlyMap<string, FieldClass>>();

/**
 * The class of a sealed field; undefined where the definition seals none.
 *
 * @param path JSON pointer with `*` in place of every list index
 */
export function sealedClassAt(definition: EventDefinition, path: string): FieldClass | undefined {
  let known = places.get(definition);
  if (known === undefined) {
    known = new Map(
      definition.sealedFields.map((field) => [
        field.path.map((name) => `/${name}`).join(''),
        field.fieldClass,
      ]),
    );
    places.set(definition, known);
  }
  return known.get(path);
}
