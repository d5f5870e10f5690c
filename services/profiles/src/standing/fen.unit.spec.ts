import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatFen, parseFen } from './fen.ts';

describe('fen', () => {
  it('R-020 amounts are exact: text to fen and back', () => {
    expect(parseFen('499999.99')).toBe(49_999_999);
    expect(parseFen('-150000.5')).toBe(-15_000_050);
    expect(parseFen('12')).toBe(1_200);
    expect(parseFen('0.07')).toBe(7);
    expect(Object.is(parseFen('-0.00'), 0)).toBe(true);
    expect(parseFen('9999999999999.99')).toBe(999_999_999_999_999);
    fc.assert(
      fc.property(fc.integer({ min: -999_999_999_999_999, max: 999_999_999_999_999 }), (fen) => {
        expect(parseFen(formatFen(fen))).toBe(fen);
      }),
      { numRuns: 200 },
    );
  });

  it('what is no amount is refused without repeating it', () => {
    for (const text of [
      '',
      ' 1.00',
      '1,000.00',
      '1.005',
      '1e6',
      '01.00',
      '+1.00',
      '.5',
      '5.',
      'NaN',
      '--1',
      '１.00',
      '12345678901234.00',
    ]) {
      let message = '';
      try {
        parseFen(text);
      } catch (error) {
        message = (error as Error).message;
      }
      expect([text, message]).toEqual([text, expect.stringContaining('not an amount')]);
    }
    expect(() => parseFen('13812345678x')).toThrow(expect.not.stringContaining('13812345678'));
  });
});
