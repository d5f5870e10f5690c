import { CacheBudget } from '../memory/cacheBudget.ts';

/** Set where specs are run once more with caches that hold next to nothing. */
export const TEST_CACHE_BYTES = 'RAPPORT_TEST_CACHE_BYTES';

const BYTES = Number(process.env[TEST_CACHE_BYTES] ?? 64 * 1024 * 1024);

/** Every cache of the product, large enough that none is in a test's way, unless that is what is tested. */
export function testCaches(bytes = BYTES): CacheBudget {
  return new CacheBudget('standalone', bytes);
}
