import { describe, expect, it } from '@jest/globals';
import { systemRandom } from '@rapport/platform';
import { keyStoreConformance } from '../conformance/keyStoreConformance.ts';
import { MemoryKeyStore } from './memoryKeyStore.ts';

keyStoreConformance('MemoryKeyStore', {
  open: async () => new MemoryKeyStore(systemRandom),
  dispose: async () => {},
});

describe('MemoryKeyStore, interrupted', () => {
  it('answers unavailable while away, and what it knew when back', async () => {
    const store = new MemoryKeyStore(systemRandom);
    const owner = { kind: 'person', id: 'p-1' } as const;
    const made = await store.create(owner, 'main');
    store.interrupt(true);
    expect((await store.create(owner, 'main')).status).toBe('unavailable');
    expect(store.byKid('main/person/p-1/1').status).toBe('unavailable');
    await expect(store.destroy(owner, 'main')).rejects.toMatchObject({ failure: 'unavailable' });
    store.interrupt(false);
    expect(store.keyFor(owner, 'main')).toEqual(made);
  });
});
