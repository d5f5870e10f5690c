import { describe, expect, it } from '@jest/globals';
import { event, profileEvents, UnknownEventError, type JsonValue } from '@rapport/contracts';
import { asRecorded } from '../testing/deciderSpecification.ts';
import { Upcasters } from './upcasters.ts';

const { type } = profileEvents.PurchaseYearOpened;
const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const first = asRecorded(event(profileEvents.PurchaseYearOpened, { customerId, year: 2026 }), 0);
const rename = (data: JsonValue): JsonValue => {
  const { year, ...rest } = data as { year: number };
  return { ...rest, opened: year };
};
const mark = (data: JsonValue): JsonValue => ({ ...(data as object), closed: false }) as JsonValue;

describe('upcasting', () => {
  it('leaves events of the current version as they are', () => {
    expect(new Upcasters().upcast(first)).toBe(first);
  });

  it('brings an old event to the current version step by step, and never changes what was stored', () => {
    const upcasters = new Upcasters(() => 3).register(type, 1, rename).register(type, 2, mark);
    const before = structuredClone(first);
    expect(upcasters.upcast(first)).toEqual({
      ...first,
      version: 3,
      data: { customerId, opened: 2026, closed: false },
    });
    expect(upcasters.upcast({ ...first, version: 2 })).toMatchObject({
      version: 3,
      data: { year: 2026, closed: false },
    });
    expect(first).toEqual(before);
  });

  it.each([
    ['an unknown type', new Upcasters(() => undefined), 1],
    ['a version from a later release', new Upcasters(() => 1), 2],
    ['a missing step', new Upcasters(() => 3).register(type, 1, rename), 1],
  ])('stops loudly at %s', (_what, upcasters, version) => {
    expect(() => upcasters.upcast({ ...first, version })).toThrow(UnknownEventError);
  });

  it('refuses two steps from one version', () => {
    expect(() => new Upcasters(() => 3).register(type, 1, rename).register(type, 1, mark)).toThrow(TypeError);
  });
});
