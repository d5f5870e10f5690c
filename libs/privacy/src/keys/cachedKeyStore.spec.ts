import { describe, expect, it } from '@jest/globals';
import { systemRandom, type MonotonicClock } from '@rapport/platform';
import { testCaches } from '@rapport/platform/testing';
import { CachedKeyStore, KEY_CACHE_MS } from './cachedKeyStore.ts';
import { keyStoreConformance } from './conformance/keyStoreConformance.ts';
import type { KeyAnswer } from './keyStore.ts';
import { MemoryKeyStore } from './memory/memoryKeyStore.ts';

keyStoreConformance('CachedKeyStore', {
  open: async () => new CachedKeyStore(new MemoryKeyStore(systemRandom), { now: () => 1 }, testCaches()),
  dispose: async () => {},
});

const owner = { kind: 'person', id: 'p-1' } as const;
const kid = 'main/person/p-1/1';

function cached(bytes?: number) {
  let now = 1;
  const clock: MonotonicClock = { now: () => now };
  const store = new MemoryKeyStore(systemRandom);
  return {
    store,
    cache: new CachedKeyStore(store, clock, testCaches(bytes)),
    pass: (ms: number) => (now += ms),
  };
}

describe('CachedKeyStore, contract «key caches live ≤ 60 s»', () => {
  it('answers from memory while the store is away, for 60 s and not longer', async () => {
    const { store, cache, pass } = cached();
    await cache.create(owner, 'main');
    store.interrupt(true);
    pass(KEY_CACHE_MS);
    expect((await cache.byKid(kid)).status).toBe('key');
    expect((await cache.keyFor(owner, 'main')).status).toBe('key');
    pass(1);
    expect((await cache.byKid(kid)).status).toBe('unavailable');
    expect((await cache.keyFor(owner, 'main')).status).toBe('unavailable');
  });

  it('is not kept young by use', async () => {
    const { store, cache, pass } = cached();
    await cache.create(owner, 'main');
    store.interrupt(true);
    for (let i = 0; i < 6; i++) {
      pass(10_000);
      expect((await cache.byKid(kid)).status).toBe('key');
    }
    pass(1);
    expect((await cache.byKid(kid)).status).toBe('unavailable');
  });

  it('notices within 60 s what another process destroyed', async () => {
    const { store, cache, pass } = cached();
    await cache.create(owner, 'main');
    await store.destroy(owner, 'main');
    pass(KEY_CACHE_MS + 1);
    expect((await cache.byKid(kid)).status).toBe('destroyed');
  });

  it('forgets a destroyed key at once', async () => {
    const { cache } = cached();
    await cache.create(owner, 'main');
    await cache.destroy(owner, 'main');
    expect((await cache.byKid(kid)).status).toBe('destroyed');
    expect((await cache.create(owner, 'main')).status).toBe('destroyed');
  });

  it('forgets a key also where destroying it failed', async () => {
    const { store, cache } = cached();
    await cache.create(owner, 'main');
    store.interrupt(true);
    await expect(cache.destroy(owner, 'main')).rejects.toThrow();
    expect((await cache.byKid(kid)).status).toBe('unavailable');
  });

  it('does not keep an answer that was under way when the key was destroyed', async () => {
    const { store } = cached();
    const before = await store.create(owner, 'main');
    let deliver: (answer: KeyAnswer) => void = () => {};
    const slow = Object.create(store, {
      byKid: { value: () => new Promise<KeyAnswer>((resolve) => (deliver = resolve)), configurable: true },
    }) as MemoryKeyStore;
    const cache = new CachedKeyStore(slow, { now: () => 1 }, testCaches());
    const asked = cache.byKid(kid);
    await cache.destroy(owner, 'main');
    deliver(before);
    await asked;
    const again = cache.byKid(kid);
    expect(again).toBeInstanceOf(Promise);
    deliver({ status: 'destroyed' });
    expect((await again).status).toBe('destroyed');
  });

  it('leaves the keys of other owners alone', async () => {
    const { store, cache } = cached();
    await cache.create(owner, 'main');
    await cache.create({ kind: 'person', id: 'p-12' }, 'main');
    await cache.destroy(owner, 'main');
    store.interrupt(true);
    expect((await cache.byKid('main/person/p-12/1')).status).toBe('key');
  });

  it('holds no more keys than it may', async () => {
    const { store, cache } = cached(200_000);
    for (let i = 0; i < 30; i++) await cache.create({ kind: 'person', id: `p-${i}` }, 'main');
    store.interrupt(true);
    const kept = await Promise.all(Array.from({ length: 30 }, (_, i) => cache.byKid(`main/person/p-${i}/1`)));
    const held = kept.filter(({ status }) => status === 'key').length;
    expect(held).toBeGreaterThan(3);
    expect(held).toBeLessThan(15);
  });
});
