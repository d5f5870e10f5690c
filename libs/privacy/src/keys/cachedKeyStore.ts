import type { CacheBudget, CacheShelf, MonotonicClock } from '@rapport/platform';
import type { Awaitable } from './awaitable.ts';
import type { KeyOwner } from './keyOwner.ts';
import type { AbsentKey, KeyAnswer, KeyStore, SecretName } from './keyStore.ts';

/** How long a key may be used without asking the store again (contract.md). */
export const KEY_CACHE_MS = 60_000;

interface Kept {
  readonly answer: KeyAnswer;
  /** By the monotonic clock, inclusive. */
  readonly until: number;
}

/** A key object takes 385 bytes, most of them outside the heap; it stands in both caches. */
const KEPT_BYTES = 300;

/**
 * Keeps keys at hand for at most 60 s, so that most are answered at once. A key that is destroyed through it
 * leaves it at once; one that another process destroys is used for at most 60 s more.
 */
export class CachedKeyStore implements KeyStore {
  private readonly byId: CacheShelf<Kept>;
  private readonly byOwner: CacheShelf<Kept>;
  /** Counts destructions begun and ended: an answer that was asked for before one must not be kept after it. */
  private destructions = 0;

  constructor(
    private readonly store: KeyStore,
    private readonly clock: MonotonicClock,
    caches: CacheBudget,
  ) {
    this.byId = caches.shelf('keys', () => KEPT_BYTES);
    this.byOwner = caches.shelf('keys', () => KEPT_BYTES);
  }

  keyFor(owner: KeyOwner, tenant: string): Awaitable<KeyAnswer | AbsentKey> {
    return (
      this.young(this.byOwner, ownerKey(owner, tenant)) ??
      this.keeping(this.store.keyFor(owner, tenant), (answer) => this.keep(owner, tenant, answer))
    );
  }

  async create(owner: KeyOwner, tenant: string): Promise<KeyAnswer> {
    const known = this.young(this.byOwner, ownerKey(owner, tenant));
    if (known !== undefined) return known;
    return this.keeping(this.store.create(owner, tenant), (answer) => this.keep(owner, tenant, answer));
  }

  byKid(kid: string): Awaitable<KeyAnswer> {
    return (
      this.young(this.byId, kid) ??
      this.keeping(this.store.byKid(kid), (answer) => {
        if (answer.status !== 'unavailable') this.byId.set(kid, this.kept(answer));
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
    this.byOwner.set(ownerKey(owner, tenant), this.kept(answer));
    if (answer.status === 'key') this.byId.set(answer.kid, this.kept(answer));
  }

  private kept(answer: KeyAnswer): Kept {
    return { answer, until: this.clock.now() + KEY_CACHE_MS };
  }

  private young(shelf: CacheShelf<Kept>, key: string): KeyAnswer | undefined {
    const kept = shelf.get(key);
    if (kept === undefined || kept.until >= this.clock.now()) return kept?.answer;
    shelf.delete(key);
    return undefined;
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
