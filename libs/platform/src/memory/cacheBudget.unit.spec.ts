import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SERVICE_NAMES } from '../configuration/serviceName.ts';
import { CacheBudget } from './cacheBudget.ts';
import { CACHE_NAMES, cachesOf, shareOf, type ProcessName } from './caches.ts';

const PROCESSES: readonly ProcessName[] = ['standalone', ...SERVICE_NAMES];

describe('the budget of all caches of a process', () => {
  it.each(PROCESSES)(
    'of %s is divided among its caches, and nothing is left over or given twice',
    (process) => {
      const shares = CACHE_NAMES.map((name) => shareOf(name, process));
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
      const budget = new CacheBudget(process, 1_000_000);
      const limits = cachesOf(process).map((name) => budget.whole(name));
      expect(limits.reduce((sum, limit) => sum + limit, 0)).toBeLessThanOrEqual(1_000_000);
    },
  );

  it('gives no bytes to a cache that its process does not name', () => {
    const budget = new CacheBudget('gateway', 1_000_000);
    expect(() => budget.shelf('foldedStreams')).toThrow(/gateway holds no cache foldedStreams/);
  });

  it('weighs what has grown in place anew when it is put back', () => {
    const budget = new CacheBudget('gateway', 1_000_000);
    const shelf = budget.shelf<{ bytes: number }>('tokens', ({ bytes }) => bytes);
    const value = { bytes: 100 };
    shelf.set('k', value);
    const [before] = budget.use;
    value.bytes = 900;
    shelf.set('k', value);
    expect(budget.use[0]!.bytes).toBe(before!.bytes! + 800);
  });

  it('is never exceeded by shelves that share a cache, whatever is put where', () => {
    const operation = fc.record({
      shelf: fc.integer({ min: 0, max: 2 }),
      key: fc.integer({ min: 0, max: 20 }),
      size: fc.integer({ min: 0, max: 6_000 }),
      deletes: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
        const budget = new CacheBudget('gateway', 15_000);
        const sizeOf = ({ size }: { size: number }): number => size;
        const shelves = [0, 1, 2].map(() => budget.shelf('tokens', sizeOf));
        for (const { shelf, key, size, deletes } of operations) {
          if (deletes) shelves[shelf]!.delete(`k${key}`);
          else {
            shelves[shelf]!.set(`k${key}`, { size });
            const kept = shelves[shelf]!.get(`k${key}`);
            expect(kept === undefined || kept.size === size).toBe(true);
          }
          const [use] = budget.use;
          expect(use!.bytes).toBeLessThanOrEqual(use!.maxBytes);
        }
      }),
    );
  });

  it('keeps what was used last, on whichever shelf, and counts what made room for it', () => {
    const budget = new CacheBudget('gateway', 3_000);
    const one = budget.shelf('tokens', () => 400);
    const other = budget.shelf('tokens', () => 400);
    one.set('a', { of: 'one' });
    other.set('a', { of: 'other' });
    one.set('b', {});
    expect(one.get('a')).toEqual({ of: 'one' });
    other.set('b', {});
    expect(
      [one.get('a'), other.get('a'), one.get('b'), other.get('b')].map((kept) => kept !== undefined),
    ).toEqual([true, false, true, true]);
    expect(budget.use).toEqual([{ name: 'tokens', maxBytes: 2_000, bytes: 1_752, evicted: 1 }]);
    one.clear();
    expect([one.get('a'), other.get('b')]).toEqual([undefined, {}]);
  });

  it('does not keep what is larger than the cache, nor what stood there before', () => {
    const budget = new CacheBudget('gateway', 3_000);
    const shelf = budget.shelf('tokens', ({ size }: { size: number }) => size);
    shelf.set('a', { size: 10 });
    shelf.set('a', { size: 2_001 });
    expect(shelf.get('a')).toBeUndefined();
    expect(budget.use[0]!.bytes).toBe(0);
  });

  it('keeps nothing with no bytes at all', () => {
    const shelf = new CacheBudget('standalone', 0).shelf('foldedStreams');
    shelf.set('a', {});
    expect(shelf.get('a')).toBeUndefined();
  });

  it('is divided equally by those who drop for themselves, and grows again when one leaves', () => {
    const budget = new CacheBudget('projector', 1_000_000);
    const first = budget.part('documents');
    const all = first.limit;
    const second = budget.part('documents');
    expect([first.limit, second.limit]).toEqual([Math.floor(all / 2), Math.floor(all / 2)]);
    first.bytes = 7;
    second.bytes = 5;
    expect(budget.use.map(({ bytes }) => bytes)).toEqual([12]);
    first.close();
    expect(second.limit).toBe(all);
    expect(budget.use.map(({ bytes }) => bytes)).toEqual([5]);
  });
});
