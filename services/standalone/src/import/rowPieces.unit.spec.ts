import { describe, expect, it } from '@jest/globals';
import type { ImportRow } from '@rapport/service-imports';
import fc from 'fast-check';
import { fitsAlone, rowPieces } from './rowPieces.ts';

/** What the gateway takes (services/gateway/src/startGateway.ts). */
const BODY_LIMIT = 256 * 1024;

const row = (remark: string): ImportRow => ({ line: 2, occurrence: 0, values: { customer: '甲', remark } });

describe('the pieces in which rows are handed over', () => {
  it('hold every row once, in order, and fit a request', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      // Three and six bytes a character; as much as one row may have.
      fc.integer({ min: 0, max: 60_000 }).map((length) => '户'.repeat(length)),
      fc.integer({ min: 0, max: 30_000 }).map((length) => '\u0001'.repeat(length)),
    );
    fc.assert(
      fc.property(fc.array(text.map(row), { maxLength: 250 }), (rows) => {
        const pieces = [...rowPieces(rows)];
        expect(pieces.flat()).toEqual(rows);
        for (const piece of pieces) {
          expect(piece.length).toBeGreaterThan(0);
          expect(piece.length).toBeLessThanOrEqual(100);
          const body = JSON.stringify({ dryRun: false, rows: piece });
          expect(Buffer.byteLength(body)).toBeLessThan(BODY_LIMIT);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('have no place for a row that fits no request', () => {
    expect(fitsAlone(row('户'.repeat(60_000)))).toBe(true);
    expect(fitsAlone(row('户'.repeat(70_000)))).toBe(false);
  });
});
