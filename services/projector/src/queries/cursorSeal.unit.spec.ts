import { describe, expect, it } from '@jest/globals';
import { Problem, systemRandom } from '@rapport/platform';
import fc from 'fast-check';
import { CursorSeal } from './cursorSeal.ts';

const key = new Uint8Array(32).fill(7);
const cursors = new CursorSeal(key, systemRandom);
const cursor = { value: '2026-03-10T00:00:00.000Z', key: '0f5a7f6e-0000-5000-8000-000000000001' };

function refusal(open: () => unknown): Problem {
  try {
    open();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

describe('cursors of pages', () => {
  it('lead back to where the page ended, whatever it was sorted by', () => {
    const value = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
    fc.assert(
      fc.property(fc.string(), value, fc.string(), (query, sortedBy, documentKey) => {
        const sealed = cursors.seal(query, { value: sortedBy, key: documentKey });
        expect(sealed).toMatch(/^[\w-]+$/);
        expect(cursors.open(query, sealed)).toEqual({ value: sortedBy, key: documentKey });
      }),
    );
  });

  it('show nothing of what they hold, and no two are alike', () => {
    const [one, other] = [
      cursors.seal('customers.list name', cursor),
      cursors.seal('customers.list name', cursor),
    ];
    expect(one).not.toBe(other);
    expect(Buffer.from(one, 'base64url').toString('latin1')).not.toContain(cursor.key);
  });

  it('belong to one list: another list’s cursor is refused, naming the field', () => {
    const sealed = cursors.seal('timeline of one', cursor);
    const { kind, details } = refusal(() => cursors.open('timeline of another', sealed));
    expect(kind).toBe('invalid-input');
    expect(details.errors).toEqual([
      { field: 'cursor', message: expect.stringContaining('start again without it') },
    ]);
  });

  it('cannot be made or changed outside: every flipped bit is refused', () => {
    const bytes = Buffer.from(cursors.seal('tickets.list', cursor), 'base64url');
    fc.assert(
      fc.property(fc.nat(bytes.length * 8 - 1), (bit) => {
        const tampered = Buffer.from(bytes);
        tampered[bit >> 3]! ^= 1 << (bit & 7);
        expect(refusal(() => cursors.open('tickets.list', tampered.toString('base64url'))).kind).toBe(
          'invalid-input',
        );
      }),
    );
  });

  it('refuse any other text, and say nothing of it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (text) => {
        const { details } = refusal(() => cursors.open('tickets.list', text));
        expect(details.errors![0]!.field).toBe('cursor');
      }),
    );
    expect(JSON.stringify(refusal(() => cursors.open('tickets.list', '13800000000')).details)).not.toContain(
      '138',
    );
  });

  it('of a key that is no longer in use are refused', () => {
    const sealed = new CursorSeal(new Uint8Array(32).fill(8), systemRandom).seal('tickets.list', cursor);
    expect(refusal(() => cursors.open('tickets.list', sealed)).kind).toBe('invalid-input');
  });
});
