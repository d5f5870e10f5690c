import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isRfc3339, normaliseInstant } from './rfc3339.ts';

describe('instants', () => {
  it.each([
    ['before year 0 in UTC', '0000-01-01T00:00:00+08:00'],
    ['in year 0', '0000-06-01T00:00:00Z'],
    ['before 1900 in UTC', '1900-01-01T07:59:59.999+08:00'],
    ['in 1800', '1800-01-01T00:00:00Z'],
    ['after 9999 in UTC', '9999-12-31T23:59:59-08:00'],
  ])('refuses one that lies %s', (_where, text) => {
    expect(isRfc3339(text)).toBe(false);
  });

  it.each([
    ['1900-01-01T08:00:00+08:00', '1900-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999Z', '9999-12-31T23:59:59.999Z'],
  ])('takes the edge %s', (text, stored) => {
    expect(isRfc3339(text)).toBe(true);
    expect(normaliseInstant(text)).toBe(stored);
  });

  it('what is taken can be stored: UTC, four digits of a year, milliseconds', () => {
    const two = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, '0'));
    const text = fc
      .tuple(
        fc.oneof(fc.constantFrom(0, 1, 1899, 1900, 9999), fc.integer({ min: 0, max: 9999 })),
        two(13),
        two(32),
        two(24),
        two(59),
        fc.constantFrom('Z', '+08:00', '-08:00', '+14:59', '-14:59'),
      )
      .map(([y, m, d, h, min, off]) => `${String(y).padStart(4, '0')}-${m}-${d}T${h}:${min}:00${off}`);
    fc.assert(
      fc.property(text, (instant) => {
        fc.pre(isRfc3339(instant));
        expect(normaliseInstant(instant)).toMatch(/^(19|[2-9]\d)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      }),
      { numRuns: 300, maxSkipsPerRun: 1_000 },
    );
  });
});
