import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cnyValue } from './cnyValue.ts';

const fen = fc.integer({ min: -99_999_999, max: 99_999_999 });
const text = (value: number): string => {
  const digits = String(Math.abs(value)).padStart(3, '0');
  return `${value < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};
const rate = fc
  .tuple(fc.nat(999), fc.nat(99_999_999))
  .map(([whole, part]) => `${whole}.${String(part).padStart(8, '0')}`);

describe('R-003 the value in CNY', () => {
  it.each([
    ['100.00', '7.1205', '712.05'],
    ['0.01', '0.5', '0.01'],
    ['0.01', '0.49999999', '0.00'],
    ['-0.01', '0.5', '-0.01'],
    ['0.05', '0.1', '0.01'],
    ['1234567890123.45', '1', '1234567890123.45'],
    // In binary floating point 1.005 × 100 is 100.49999999999999.
    ['1.00', '1.005', '1.01'],
  ])('R-003 %s at %s is %s', (amount, at, expected) => expect(cnyValue(amount, at)).toBe(expected));

  it('R-003 at a rate of one nothing changes', () => {
    fc.assert(
      fc.property(fen, (value) => expect(cnyValue(text(value), '1.00000000')).toBe(text(value))),
      { numRuns: 200 },
    );
  });

  it('R-003 a refund takes back exactly what the purchase gave', () => {
    fc.assert(
      fc.property(fen, rate, (value, at) => {
        fc.pre(value > 0);
        const back = cnyValue(text(-value), at)!;
        expect(back === '0.00' ? back : back.slice(1)).toBe(cnyValue(text(value), at));
      }),
      { numRuns: 300 },
    );
  });

  it('R-003 is never further than half a fen from the exact value', () => {
    fc.assert(
      fc.property(fen, rate, (value, at) => {
        const exact = BigInt(value) * BigInt(at.replace('.', ''));
        const off = BigInt(cnyValue(text(value), at)!.replace('.', '')) * 100_000_000n - exact;
        expect(off <= 50_000_000n && off >= -50_000_000n).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('R-003 says when the value is too large to be written', () => {
    expect(cnyValue('9999999999999.99', '2')).toBeUndefined();
  });
});
