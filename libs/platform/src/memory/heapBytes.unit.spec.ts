import { describe, expect, it } from '@jest/globals';
import { HEAP_BYTES, heapBytes, textBytes } from './heapBytes.ts';

const many = (length: number) => Array.from({ length }, (_, n) => ({ id: `id-${n}`, at: 1.5 }));

describe('the estimate of what a value takes on the heap', () => {
  it('counts a text by its characters, two bytes each where they are Chinese', () => {
    expect(textBytes('abcdefgh')).toBe(24);
    expect(textBytes('您好，我们已经收到')).toBe(40);
    expect(textBytes('')).toBe(0);
  });

  it('grows with the members of lists, Maps and Sets, of which a sample is weighed', () => {
    const one = heapBytes(many(1)) - heapBytes([]);
    for (const length of [10, 100, 10_000]) {
      const list = heapBytes(many(length)) - heapBytes([]);
      expect(list / (length * one)).toBeGreaterThan(0.9);
      expect(list / (length * one)).toBeLessThan(1.1);
      const map = new Map(many(length).map((item) => [item.id, item]));
      expect(heapBytes(map)).toBeGreaterThan(list);
      expect(heapBytes(new Set(map.keys()))).toBeLessThan(heapBytes(map));
      expect(heapBytes(Object.fromEntries(map)) / list).toBeCloseTo(1, 0);
    }
  });

  it('weighs a long list whose items differ by its spread, not by its first ones', () => {
    const list = Array.from({ length: 1_000 }, (_, n) => ({ text: n < 500 ? '' : 'x'.repeat(1_000) }));
    expect(heapBytes(list)).toBeGreaterThan(400_000);
    expect(heapBytes(list)).toBeLessThan(700_000);
  });

  it('asks a value that knows it', () => {
    class Sealed {
      readonly #hidden = Array.from({ length: 1_000 }, () => 0);
      [HEAP_BYTES](): number {
        return this.#hidden.length * 8;
      }
    }
    expect(heapBytes({ sealed: new Sealed() })).toBeGreaterThan(8_000);
  });

  it('counts bytes, and ends at a circle', () => {
    expect(heapBytes(new Uint8Array(1_000))).toBeGreaterThan(1_000);
    const circle: { self?: object } = {};
    circle.self = circle;
    expect(heapBytes(circle)).toBeLessThan(1_000);
  });
});
