import { eventVersion, isSealed, type EventVersion, type SealedValue } from '@rapport/contracts';
import { boundTo, sealedClassAt, type SealedEvent } from '../sealing/sealedPlace.ts';
import { applies, type EventData } from '../sealing/sealedSlots.ts';

/** A sealed value outside of its event: in a view's document, with what it needs to be opened there. */
export type CarriedValue = SealedValue & {
  /** What it was bound to in the event that it comes from (authenticatedData.ts). */
  readonly aad: string;
};

export function isCarried(value: unknown): value is CarriedValue {
  return isSealed(value) && typeof (value as { aad?: unknown }).aad === 'string';
}

/**
 * A field of an event for a view's document: sealed values below it stay sealed and take along what they are
 * bound to, clear ones are copied. Pure: knows no keys.
 *
 * What stands sealed where the event's definition seals nothing takes nothing along: nobody can open it.
 *
 * @param path dotted, below `data`: `fullName`, `nextSteps`, `nextSteps.0.text`; empty for all of `data`
 * @returns undefined where the event lacks the field
 * @throws TamperedFieldError where a value names the key of another owner than its event; UnknownEventError
 */
export function carry(event: SealedEvent, path: string): unknown {
  let value: unknown = event.data;
  let pointer = '';
  let place = '';
  for (const name of path === '' ? [] : path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    pointer += `/${name}`;
    place += Array.isArray(value) ? '/*' : `/${name}`;
    value = (value as Record<string, unknown>)[name];
  }
  return carryBelow(value, pointer, place, { event });
}

interface Carrying {
  readonly event: SealedEvent;
  /** Looked up when the first sealed value is met. */
  definition?: EventVersion;
}

function carryBelow(value: unknown, pointer: string, place: string, carrying: Carrying): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isSealed(value)) return carrySealed(value, pointer, place, carrying);
  if (Array.isArray(value)) {
    return value.map((item, i) => carryBelow(item, `${pointer}/${i}`, `${place}/*`, carrying));
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      carryBelow(item, `${pointer}/${name}`, `${place}/${name}`, carrying),
    ]),
  );
}

function carrySealed(
  value: SealedValue,
  pointer: string,
  place: string,
  carrying: Carrying,
): SealedValue | CarriedValue {
  const { event } = carrying;
  carrying.definition ??= eventVersion(event.type, event.version);
  const fieldClass = sealedClassAt(carrying.definition, place);
  if (fieldClass === undefined || !applies(fieldClass, event.data as EventData)) return value;
  return { ...value, aad: boundTo(event, pointer, fieldClass, value).authenticated };
}
