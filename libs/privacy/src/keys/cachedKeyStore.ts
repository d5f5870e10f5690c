import { LRUCache } from 'lru-cache';
import type { MonotonicClock } from '@rapport/platform';
import type { Awaitable } from './awaitable.ts';
import type { KeyOwner } from './keyOwner.ts';
import type { AbsentKey, KeyAnswer, KeyStore, SecretName } from './keyStore.ts';

/** How long a key may be used without asking the store again (contract.md). */
export const KEY_CACHE_MS = 60_000;

/**
 * Keeps keys at hand for at most 60 s, so that most are answered at once. A key that is destroyed through it
 * leaves it at once; one that another process destroys is used for at most 60 s more.
 */
export class CachedKeyStore implements KeyStore {
  private readonly byId: LRUCache<string, KeyAnswer>;
  private readonly byOwner: LRUCache<string, KeyAnswer>;
  /** Counts destructions begun and ended: an answer that was asked for before one must not be kept after it. */
  private destructions = 0;

  constructor(
    private readonly store: KeyStore,
    clock: MonotonicClock,
    /** Most keys kept, some 400 bytes each. */
    capacity = 50_000,
  ) {
    // ttlResolution 0: the cache asks the clock every time instead of starting timers of its own.
    const options = { max: capacity, ttl: KEY_CACHE_MS, ttlResolution: 0, perf: clock };
    this.byId = new LRUCache(options);
    this.byOwner = new LRUCache(options);
  }

  keyFor(owner: KeyOwner, tenant: string): Awaitable<KeyAnswer | AbsentKey> {
    return (
      this.byOwner.get(ownerKey(owner, tenant)) ??
      this.keeping(this.store.keyFor(owner, tenant), (answer) => this.keep(owner, tenant, answer))
    );
  }

  async create(owner: KeyOwner, tenant: string): Promise<KeyAnswer> {
    const known = this.byOwner.get(ownerKey(owner, tenant));
    if (known !== undefined) return known;
    return this.keeping(this.store.create(owner, tenant), (answer) => this.keep(owner, tenant, answer));
  }

  byKid(kid: string): Awaitable<KeyAnswer> {
    return (
      this.byId.get(kid) ??
      this.keeping(this.store.byKid(kid), (answer) => {
        if (answer.status !== 'unavailable') this.byId.set(kid, answer);
      })
    );
  }

  async destroy(owner: KeyOwner, tenant: string): Promise<void> {
    this.forget(owner, tenant);
    try {
      await this.store.destroy(owner, tenant);
    } finally {
      this.forget(owner, tenant);
    }
  }

  secret(name: SecretName, tenant: string): Promise<Uint8Array> {
    return this.store.secret(name, tenant);
  }

  bindTo(logId: string): Promise<void> {
    return this.store.bindTo(logId);
  }

  rebind(from: string, logId: string): Promise<void> {
    return this.store.rebind(from, logId);
  }

  boundLog(): Promise<string | undefined> {
    return this.store.boundLog();
  }

  async close(): Promise<void> {
    this.destructions++;
    this.byId.clear();
    this.byOwner.clear();
    await this.store.close();
  }

  private keeping<A>(asked: Awaitable<A>, keep: (answer: A) => void): Awaitable<A> {
    if (!(asked instanceof Promise)) {
      keep(asked);
      return asked;
    }
    const before = this.destructions;
    return asked.then((answer) => {
      if (this.destructions === before) keep(answer);
      return answer;
    });
  }

  private keep(owner: KeyOwner, tenant: string, answer: KeyAnswer | AbsentKey): void {
    if (answer.status === 'unavailable' || answer.status === 'absent') return;
    this.byOwner.set(ownerKey(owner, tenant), answer);
    if (answer.status === 'key') this.byId.set(answer.kid, answer);
  }

  private forget(owner: KeyOwner, tenant: string): void {
    this.destructions++;
    const prefix = ownerKey(owner, tenant);
    this.byOwner.delete(prefix);
    for (const kid of this.byId.keys()) if (kid.startsWith(prefix)) this.byId.delete(kid);
  }
}

/** The slash at its end keeps owner `1` from being taken for a prefix of owner `12`. */
function ownerKey(owner: KeyOwner, tenant: string): string {
  return `${tenant}/${owner.kind}/${owner.id}/`;
}
