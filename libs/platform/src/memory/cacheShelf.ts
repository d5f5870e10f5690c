import type { LRUCache } from 'lru-cache';
import { textBytes } from './heapBytes.ts';

/** What an entry costs beside its key's text and its value: a slot in six lists, one in the index, two list entries. */
const ENTRY = 136;

/**
 * A cache of values by key, one of several that share a pool of bytes: what was not used for the longest time, on
 * whichever shelf, makes room for what is new. What is larger than the pool is not kept at all.
 */
export class CacheShelf<Value extends object> {
  /** @param sizeOf estimated bytes of a value on the heap */
  constructor(
    private readonly pool: LRUCache<string, object>,
    private readonly prefix: string,
    private readonly sizeOf: (value: Value) => number,
  ) {}

  get(key: string): Value | undefined {
    return this.pool.get(this.prefix + key) as Value | undefined;
  }

  /** Without counting as use. */
  peek(key: string): Value | undefined {
    return this.pool.peek(this.prefix + key) as Value | undefined;
  }

  set(key: string, value: Value): void {
    const size = Math.ceil(ENTRY + textBytes(this.prefix) + textBytes(key) + this.sizeOf(value));
    // An object that stands there already would keep its former weight (lru-cache 11.5.3).
    if (this.pool.peek(this.prefix + key) === value) this.pool.delete(this.prefix + key);
    this.pool.set(this.prefix + key, value, { size });
  }

  delete(key: string): void {
    this.pool.delete(this.prefix + key);
  }

  /** Most recently used first. Goes through the whole pool. */
  *keys(): Iterable<string> {
    for (const key of this.pool.keys()) if (key.startsWith(this.prefix)) yield key.slice(this.prefix.length);
  }

  clear(): void {
    const all = Array.from(this.keys());
    for (const key of all) this.delete(key);
  }
}
