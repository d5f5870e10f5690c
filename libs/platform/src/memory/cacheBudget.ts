import { LRUCache } from 'lru-cache';
import { CachePart } from './cachePart.ts';
import { CacheShelf } from './cacheShelf.ts';
import { cachesOf, shareOf, type CacheName, type ProcessName } from './caches.ts';
import { heapBytes } from './heapBytes.ts';

/** What a cache holds at the moment, for metrics. */
export interface CacheUse {
  readonly name: CacheName;
  readonly maxBytes: number;
  /** Estimated bytes held; undefined where only the limit is known (pages of SQLite, another thread). */
  readonly bytes: number | undefined;
  /** Entries that made room for others so far. */
  readonly evicted: number;
}

interface Pool {
  readonly maxBytes: number;
  readonly parts: Set<CachePart>;
  lru?: LRUCache<string, object>;
  shelves: number;
  evicted: number;
  /** Somebody took all of it. */
  taken: boolean;
}

/**
 * The bytes that the caches of one process may hold together, and the share of each. Every cache of the product gets
 * its bytes here, so their sum is the one setting. A cache is never the only place of anything: with next to no bytes
 * everything is right, and slow.
 */
export class CacheBudget {
  private readonly pools = new Map<CacheName, Pool>();

  /** @param bytes of all caches of the process together */
  constructor(
    readonly process: ProcessName,
    readonly bytes: number,
  ) {
    for (const name of cachesOf(process)) {
      const maxBytes = Math.max(1, Math.floor(bytes * shareOf(name, process)));
      this.pools.set(name, { maxBytes, parts: new Set(), shelves: 0, evicted: 0, taken: false });
    }
  }

  /**
   * A cache by key; all shelves of one name share its bytes.
   *
   * @param sizeOf estimated bytes of a value on the heap; default: from its structure
   */
  shelf<Value extends object>(
    name: CacheName,
    sizeOf: (value: Value) => number = heapBytes,
  ): CacheShelf<Value> {
    const pool = this.pool(name);
    pool.lru ??= new LRUCache<string, object>({
      maxSize: pool.maxBytes,
      dispose: (_value, _key, reason) => {
        if (reason === 'evict') pool.evicted += 1;
      },
    });
    pool.shelves += 1;
    return new CacheShelf(pool.lru, `${pool.shelves.toString(36)} `, sizeOf);
  }

  /** An equal part of a cache for somebody who decides himself what he drops; to be closed. */
  part(name: CacheName): CachePart {
    return new CachePart(this.pool(name));
  }

  /** All bytes of a cache, for what is bounded elsewhere: SQLite, or another thread. */
  whole(name: CacheName): number {
    const pool = this.pool(name);
    pool.taken = true;
    return pool.maxBytes;
  }

  /** Every cache that was asked for. */
  get use(): readonly CacheUse[] {
    return [...this.pools].flatMap(([name, { maxBytes, lru, parts, evicted, taken }]) => {
      if (lru === undefined && parts.size === 0 && !taken) return [];
      const held = [...parts].reduce((sum, part) => sum + part.bytes, lru?.calculatedSize ?? 0);
      return [{ name, maxBytes, bytes: taken ? undefined : held, evicted }];
    });
  }

  private pool(name: CacheName): Pool {
    const pool = this.pools.get(name);
    if (pool === undefined) {
      throw new TypeError(`${this.process} holds no cache ${name}: name it in its services (caches.ts)`);
    }
    return pool;
  }
}
