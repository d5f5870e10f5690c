import { isSealed, type EventVersion, type FieldClass, type SealedValue } from '@rapport/contracts';
import type { KeyOwner } from '../keys/keyOwner.ts';
import { authenticatedData, type SealingContext } from './authenticatedData.ts';
import { TamperedFieldError } from './sealedFieldErrors.ts';
import { sealedSlots, type EventData } from './sealedSlots.ts';

/** An event as far as its sealed values depend on it. Stored, or upcast from what is stored. */
export interface SealedEvent extends SealingContext {
  readonly type: string;
  readonly version: number;
  readonly data: unknown;
}

/** Where a sealed value stood before an upcast moved it. */
interface FormerPlace {
  readonly event: SealedEvent;
  readonly pointer: string;
  readonly fieldClass: FieldClass;
}

/** No stored data can have it: JSON has no such keys, so that nobody who writes into the store says where a value belongs. */
const FORMER_PLACE = Symbol('former place');

/**
 * The data of an event of a former version, to be upcast: every sealed value knows the place that it is bound to,
 * wherever it is moved.
 *
 * @param version in which the event was written
 */
export function movable(event: SealedEvent, version: EventVersion): Readonly<Record<string, unknown>> {
  const { copy, slots } = sealedSlots(version, event.data as EventData);
  for (const { container, key, pointer, fieldClass } of slots) {
    const value = container[key];
    if (!isSealed(value)) continue;
    const place: FormerPlace = { event, pointer, fieldClass };
    // Not among the properties that a copy has: what is carried from here takes along what it is bound to as text.
    container[key] = Object.defineProperty({ ...value }, FORMER_PLACE, { value: place });
  }
  return copy;
}

/** Whose key seals a field, as the event's data say; undefined where they do not. */
export function ownerIn(data: EventData, { owner: { kind, idField } }: FieldClass): KeyOwner | undefined {
  const id = data[idField];
  return typeof id === 'string' ? { kind, id } : undefined;
}

/**
 * What the sealed value at a place of an event must have been bound to: that place, or the one that an upcast moved it from.
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
  const former = isSealed(value)
    ? (value as { readonly [FORMER_PLACE]?: FormerPlace })[FORMER_PLACE]
    : undefined;
  if (former !== undefined) {
    return boundTo(former.event, former.pointer, former.fieldClass, { ...(value as SealedValue) });
  }
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

const places = new WeakMap<EventVersion, ReadonlyMap<string, FieldClass>>();

/**
 * The class of a sealed field; undefined where the definition seals none.
 *
 * @param path JSON pointer with `*` in place of every list index
 */
export function sealedClassAt(definition: EventVersion, path: string): FieldClass | undefined {
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
