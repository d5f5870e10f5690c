import { describe, expect, it } from '@jest/globals';
import { profileEvents, type Envelope } from '@rapport/contracts';
import { systemRandom } from '@rapport/platform';
import { MemoryKeyStore } from '../keys/memory/memoryKeyStore.ts';
import { destroyErased } from './destroyErased.ts';

const erased = (personId: string, customerId: string, isCustomer: boolean, tenant = 'main') =>
  ({
    tenant,
    type: profileEvents.PersonErased.type,
    version: 1,
    data: { personId, customerId, isCustomer },
  }) as Envelope<unknown>;

async function stocked() {
  const keys = new MemoryKeyStore(systemRandom);
  for (const kind of ['person', 'customer', 'finance'] as const) {
    for (const id of ['p-1', 'p-2', 'c-1']) await keys.create({ kind, id }, 'main');
  }
  return keys;
}

const status = (keys: MemoryKeyStore, kind: 'person' | 'customer' | 'finance', id: string) =>
  keys.keyFor({ kind, id }, 'main').status;

describe('Erasure, contract «destruction follows from PersonErased»', () => {
  it("destroys a contact's key and leaves the customer's", async () => {
    const keys = await stocked();
    expect(await destroyErased([erased('p-1', 'c-1', false)], keys)).toBe(1);
    expect(status(keys, 'person', 'p-1')).toBe('destroyed');
    expect(status(keys, 'person', 'p-2')).toBe('key');
    expect(status(keys, 'customer', 'c-1')).toBe('key');
  });

  it('destroys the free text of a customer who is the person, and keeps the figures', async () => {
    const keys = await stocked();
    await destroyErased([erased('c-1', 'c-1', true)], keys);
    expect(status(keys, 'person', 'c-1')).toBe('destroyed');
    expect(status(keys, 'customer', 'c-1')).toBe('destroyed');
    expect(status(keys, 'finance', 'c-1')).toBe('key');
  });

  it('erases again what a restored backup brought back, from the log alone', async () => {
    const log = [erased('p-1', 'c-1', false), erased('p-2', 'c-1', false)];
    await destroyErased(log, await stocked());
    const restored = await stocked();
    expect(await destroyErased(log, restored)).toBe(2);
    expect(await destroyErased(log, restored)).toBe(2);
    expect([status(restored, 'person', 'p-1'), status(restored, 'person', 'p-2')]).toEqual([
      'destroyed',
      'destroyed',
    ]);
  });

  it('reads the log as it comes, passes over other events, and stays in the tenant', async () => {
    const keys = await stocked();
    async function* log() {
      yield {
        tenant: 'main',
        type: 'crm.profiles.ContactAdded',
        data: { personId: 'p-1' },
      } as Envelope<unknown>;
      yield erased('p-1', 'c-1', false, 'other');
      for (let i = 0; i < 600; i++) yield erased(`x-${i}`, 'c-1', false);
    }
    expect(await destroyErased(log(), keys)).toBe(601);
    expect(status(keys, 'person', 'p-1')).toBe('key');
    expect(status(keys, 'person', 'x-599')).toBe('destroyed');
  });

  it('fails where a key may still exist', async () => {
    const keys = await stocked();
    keys.interrupt(true);
    await expect(destroyErased([erased('p-1', 'c-1', false)], keys)).rejects.toMatchObject({
      name: 'KeyStoreError',
    });
  });
});
