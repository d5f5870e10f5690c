import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CountedPositions, SEGMENT_EVENTS } from './countedPositions.ts';
import { decodeEntry, encodeEntry } from './positionsEntry.ts';

/** Growing positions, with steps of one byte and of several gigabytes. */
const steps = (size: { minLength: number; maxLength: number }) =>
  fc.array(fc.oneof(fc.integer({ min: 1, max: 300 }), fc.integer({ min: 1, max: 2 ** 33 })), size);

function grown(by: readonly number[]): number[] {
  let position = -1;
  return by.map((step) => (position += step));
}

describe('counted positions', () => {
  it('find every index by its position, and every position by its index', () => {
    fc.assert(
      fc.property(steps({ minLength: 1, maxLength: 2_500 }), (by) => {
        const positions = grown(by);
        const counted = new CountedPositions();
        for (const position of positions) counted.add(position);
        expect(counted.count).toBe(positions.length);
        expect(counted.last).toBe(positions.at(-1));
        for (let index = 0; index < positions.length; index += 97) {
          expect(counted.at(index)).toBe(positions[index]);
          expect(counted.indexOf(positions[index]!)).toBe(index);
          expect(counted.countThrough(positions[index]! - 1)).toBe(index);
        }
        expect(counted.countThrough(-1)).toBe(positions[0] === -1 ? 1 : 0);
        expect(counted.countThrough(positions.at(-1)! + 1)).toBe(positions.length);
      }),
    );
  });

  it('refuse a position where no counted event stands', () => {
    const counted = new CountedPositions();
    for (const position of [5, 9]) counted.add(position);
    for (const position of [4, 7, 10]) expect(() => counted.indexOf(position)).toThrow(/was not counted/);
  });
});

describe('an entry of the sparse map', () => {
  it('comes back as it was noted, under the same id and bytes whoever notes it', () => {
    const whole = steps({ minLength: SEGMENT_EVENTS, maxLength: SEGMENT_EVENTS });
    fc.assert(
      fc.property(whole, fc.uuid(), fc.nat(50), (by, id, n) => {
        const positions = Float64Array.from(grown(by.map((step, i) => (i === 0 ? step + 1 : step))));
        const entry = { index: (n + 1) * SEGMENT_EVENTS - 1, position: positions.at(-1)!, id, positions };
        const event = encodeEntry(entry);
        expect(decodeEntry(event.data)).toEqual(entry);
        expect(encodeEntry({ ...entry, positions: Float64Array.from(positions) })).toEqual(event);
        expect(event.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
        positions[0]! -= 1;
        expect(encodeEntry(entry).id).not.toBe(event.id);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['no JSON', 'x'],
    ['another version', '{"v":2}'],
    ['too few positions', '{"v":1,"id":"a","index":999,"position":3,"steps":"AQID"}'],
    ['null', 'null'],
  ])('is no entry: %s', (_, text) => {
    expect(decodeEntry(Buffer.from(text))).toBeUndefined();
  });
});
