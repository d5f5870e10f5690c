import type { CacheBudget, CacheUse } from '@rapport/platform';
import { Counter, Gauge, type Registry } from 'prom-client';

/** What each cache of the process holds and may hold, as of each scrape. */
export function observeCaches(caches: CacheBudget, metrics: Registry): void {
  const gauge = (name: string, help: string, value: (use: CacheUse) => number | undefined): void =>
    void new Gauge({
      name,
      help,
      labelNames: ['cache'],
      registers: [metrics],
      collect() {
        this.reset();
        for (const use of caches.use) {
          const bytes = value(use);
          if (bytes !== undefined) this.set({ cache: use.name }, bytes);
        }
      },
    });
  gauge('rapport_cache_bytes', 'Estimated bytes that a cache holds', ({ bytes }) => bytes);
  gauge('rapport_cache_limit_bytes', 'Bytes that a cache may hold', ({ maxBytes }) => maxBytes);
  new Counter({
    name: 'rapport_cache_evictions_total',
    help: 'Entries of a cache that made room for others',
    labelNames: ['cache'],
    registers: [metrics],
    collect() {
      this.reset();
      for (const { name, evicted } of caches.use) if (evicted > 0) this.inc({ cache: name }, evicted);
    },
  });
}
