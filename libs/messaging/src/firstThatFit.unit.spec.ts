import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { firstOfEachThatFit, firstThatFit } from './firstThatFit.ts';

const items = fc.array(fc.string({ unit: 'binary', maxLength: 60 }), { maxLength: 30 });
const bytes = fc.integer({ min: 0, max: 500 });
const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('what fits into a message', () => {
  it('comes page by page, everything once and in order, and no page is too large or empty', () => {
    fc.assert(
      fc.property(items, bytes, (all, limit) => {
        const read: string[] = [];
        while (read.length < all.length) {
          const page = firstThatFit(all.slice(read.length), limit);
          expect(page.length).toBeGreaterThan(0);
          if (page.length > 1) expect(sizeOf(page)).toBeLessThanOrEqual(limit);
          read.push(...page);
        }
        expect(read).toEqual(all);
      }),
    );
  });

  it('leaves out only what would be too much', () => {
    fc.assert(
      fc.property(items, bytes, (all, limit) => {
        const page = firstThatFit(all, limit);
        if (page.length === all.length) return;
        // The last item has no comma after it: one byte is not used.
        expect(sizeOf(all.slice(0, page.length + 1))).toBeGreaterThanOrEqual(limit);
      }),
    );
  });

  it('asks for nothing behind the first that does not fit', () => {
    function* long(): Iterable<string> {
      yield 'x'.repeat(20);
      yield 'y'.repeat(20);
      throw new Error('asked for more');
    }
    expect(firstThatFit(long(), 30)).toEqual(['x'.repeat(20)]);
  });

  it('of several lists is the beginning of each, together no more than the room', () => {
    fc.assert(
      fc.property(fc.array(items, { maxLength: 5 }), bytes, (lists, limit) => {
        const pages = firstOfEachThatFit(lists, limit);
        for (const [at, page] of pages.entries()) expect(lists[at]!.slice(0, page.length)).toEqual(page);
        const taken = pages.filter((page) => page.length > 0);
        if (taken.length > 0) {
          expect(pages.reduce((sum, page) => sum + sizeOf(page), 0)).toBeLessThanOrEqual(limit);
        }
      }),
    );
  });

  it('of several lists is shared: a long one leaves room for the others', () => {
    const [long, short] = [Array<string>(100).fill('x'.repeat(18)), ['y', 'z']];
    expect(firstOfEachThatFit([long, short], 100)).toEqual([long.slice(0, 4), short]);
  });
});
