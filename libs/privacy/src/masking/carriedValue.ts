import { isSealed, type Envelope, type SealedValue } from '@rapport/contracts';
import { authenticatedData } from '../sealing/authenticatedData.ts';

/** A sealed value outside of its event: in a view's document, with what it needs to be opened there. */
export type CarriedValue = SealedValue & {
  /** `tenant|stream|type|field path|commandId` of the event that it comes from. */
  readonly aad: string;
};

export function isCarried(value: unknown): value is CarriedValue {
  return isSealed(value) && typeof (value as { aad?: unknown }).aad === 'string';
}

/**
 * A field of an event for a view's document: sealed values below it stay sealed and take along what they are
 * bound to, clear ones are copied. Pure: knows no keys.
 *
 * @param path dotted, below `data`: `fullName`, `nextSteps`, `nextSteps.0.text`; empty for all of `data`
 * @returns undefined where the event lacks the field
 */
export function carry(event: Envelope<unknown>, path: string): unknown {
  let value: unknown = event.data;
  const names = path === '' ? [] : path.split('.');
  for (const name of names) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Record<string, unknown>)[name];
  }
  return carryBelow(value, names.map((name) => `/${name}`).join(''), event);
}

function carryBelow(value: unknown, pointer: string, event: Envelope<unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (isSealed(value)) return { ...value, aad: authenticatedData(event, event.type, pointer) };
  if (Array.isArray(value)) return value.map((item, i) => carryBelow(item, `${pointer}/${i}`, event));
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, carryBelow(item, `${pointer}/${name}`, event)]),
  );
}
