import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MAX_PAGE_BYTES } from '../reading/readRange.ts';
import type { LoggedEvent } from './loggedEvent.ts';
import { readPage } from './pages.ts';

const bytes = new Uint8Array(MAX_PAGE_BYTES);

describe('a page read in parts', () => {
  it('holds what one read would have brought, cut by count and bytes', async () => {
    const size = fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 256 * 1024 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(size, { maxLength: 700 }),
        fc.integer({ min: 1, max: 900 }),
        async (sizes, limit) => {
          const log = sizes.map(
            (length, n) => ({ revision: n, data: bytes.subarray(0, length) }) as LoggedEvent,
          );
          let asked = 0;
          const page = await readPage(limit, async (last, count) => {
            expect(count).toBeGreaterThan(0);
            asked += count;
            const from = last === undefined ? 0 : last.revision + 1;
            return { events: log.slice(from, from + count), end: from + count > log.length };
          });
          let total = 0;
          const cut = sizes.findIndex(
            (length, n) => n === limit || ((total += length) > MAX_PAGE_BYTES && n > 0),
          );
          const expected = cut === -1 ? log : log.slice(0, cut);
          expect(page.events.map(({ revision }) => revision)).toEqual(
            expected.map(({ revision }) => revision),
          );
          expect(page.end).toBe(cut === -1);
          expect(asked).toBeLessThanOrEqual(Math.max(256, 2 * limit + 256) + sizes.length);
        },
      ),
    );
  });
});
