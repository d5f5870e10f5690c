import { CacheBudget } from './cacheBudget.ts';

/** MiB that all caches of standalone hold together by default: it is alone on its machine, and all services in one. */
export const STANDALONE_CACHE_MB = 512;

/** What the caches of a process that runs all services may hold. @param megabytes MiB */
export function standaloneCaches(megabytes = STANDALONE_CACHE_MB): CacheBudget {
  return new CacheBudget('standalone', megabytes * 1024 * 1024);
}
