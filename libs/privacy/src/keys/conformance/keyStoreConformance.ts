import { afterEach, beforeEach, describe, expect, it } from '@rapport/platform/conformance';
import fc from 'fast-check';
import type { KeyOwner } from '../keyOwner.ts';
import { SECRET_NAMES, type KeyAnswer, type KeyStore } from '../keyStore.ts';

export interface KeyStoreHarness {
  /** A store without keys. */
  open(): Promise<KeyStore>;
  /** Frees what `open` took. */
  dispose(): Promise<void>;
}

const ada: KeyOwner = { kind: 'person', id: '0190c0de-0000-7000-8000-00000000ada0' };
const person = (n: number): KeyOwner => ({ kind: 'person', id: `p-${n}` });

/** Bytes of a usable key, in hex. */
function bytesOf(answer: KeyAnswer | { status: 'absent' }): string {
  if (answer.status !== 'key') throw new Error(`expected a key, got ${answer.status}`);
  return answer.key.export().toString('hex');
}

/** What every adapter of the keys' port must do. */
export function keyStoreConformance(name: string, harness: KeyStoreHarness): void {
  describe(`${name} keeps keys`, () => {
    let store: KeyStore;
    beforeEach(async () => {
      store = await harness.open();
    });
    afterEach(async () => {
      await store.close();
      await harness.dispose();
    });

    it('makes no key by being asked for one', async () => {
      expect(await store.keyFor(ada, 'main')).toEqual({ status: 'absent' });
      expect(await store.keyFor(ada, 'main')).toEqual({ status: 'absent' });
    });

    it('makes an AES-256 key once and answers it by owner and by id ever after', async () => {
      const made = await store.create(ada, 'main');
      expect(made).toMatchObject({ status: 'key', kid: `main/person/${ada.id}/1` });
      expect(bytesOf(made)).toHaveLength(64);
      expect(bytesOf(await store.create(ada, 'main'))).toBe(bytesOf(made));
      expect(bytesOf(await store.keyFor(ada, 'main'))).toBe(bytesOf(made));
      expect(bytesOf(await store.byKid(`main/person/${ada.id}/1`))).toBe(bytesOf(made));
    });

    it('gives one owner one key however many ask at once', async () => {
      const made = await Promise.all(
        Array.from({ length: 50 }, (_, i) => store.create(person(i % 5), 'main')),
      );
      expect(new Set(made.map(bytesOf)).size).toBe(5);
    });

    it('keeps tenants and kinds of owners apart', async () => {
      const owners: [KeyOwner, string][] = [
        [ada, 'main'],
        [ada, 'other'],
        [{ kind: 'customer', id: ada.id }, 'main'],
        [{ kind: 'finance', id: ada.id }, 'main'],
      ];
      const made = await Promise.all(owners.map(([owner, tenant]) => store.create(owner, tenant)));
      expect(new Set(made.map(bytesOf)).size).toBe(4);
      await store.destroy(ada, 'main');
      expect((await store.keyFor(ada, 'main')).status).toBe('destroyed');
      for (const [owner, tenant] of owners.slice(1)) {
        expect((await store.keyFor(owner, tenant)).status).toBe('key');
      }
    });

    it('answers a key that the log names and it never made as unavailable, never as erased', async () => {
      await store.create(ada, 'main');
      for (const kid of [
        'main/person/p-1/1',
        `main/person/${ada.id}/2`,
        `other/person/${ada.id}/1`,
        '',
        'x',
      ]) {
        expect((await store.byKid(kid)).status).toBe('unavailable');
      }
    });

    it('destroys for ever: a tombstone refuses another key', async () => {
      await store.create(ada, 'main');
      await store.destroy(ada, 'main');
      await store.destroy(ada, 'main');
      expect(await store.keyFor(ada, 'main')).toEqual({ status: 'destroyed' });
      expect(await store.byKid(`main/person/${ada.id}/1`)).toEqual({ status: 'destroyed' });
      expect(await store.create(ada, 'main')).toEqual({ status: 'destroyed' });
    });

    it('leaves a tombstone also where there was no key yet', async () => {
      await store.destroy(ada, 'main');
      expect(await store.create(ada, 'main')).toEqual({ status: 'destroyed' });
      expect(await store.byKid(`main/person/${ada.id}/1`)).toEqual({ status: 'destroyed' });
    });

    it('lets creation and destruction race without a key surviving', async () => {
      await Promise.all([store.create(ada, 'main'), store.destroy(ada, 'main'), store.create(ada, 'main')]);
      expect((await store.keyFor(ada, 'main')).status).toBe('destroyed');
      expect((await store.create(ada, 'main')).status).toBe('destroyed');
    });

    it('makes each secret of a tenant once, 32 bytes, each another', async () => {
      const asked = await Promise.all(
        [...SECRET_NAMES, ...SECRET_NAMES].map((name) => store.secret(name, 'main')),
      );
      expect(asked.every((secret) => ArrayBuffer.isView(secret) && secret.byteLength === 32)).toBe(true);
      const hex = asked.map((secret) => Buffer.from(secret).toString('hex'));
      expect(hex.every((text) => text.length === 64)).toBe(true);
      expect(hex.slice(0, 4)).toEqual(hex.slice(4));
      expect(new Set(hex).size).toBe(4);
      expect(Buffer.from(await store.secret('cursor', 'other')).toString('hex')).not.toBe(hex[2]);
    });

    it('is bound to no log at first, then to one for good', async () => {
      expect(await store.boundLog()).toBeUndefined();
      await store.bindTo('log-1');
      await store.bindTo('log-1');
      expect(await store.boundLog()).toBe('log-1');
      await expect(store.bindTo('log-2')).rejects.toMatchObject({
        name: 'KeyStoreError',
        failure: 'foreign',
        message: expect.stringMatching(/belongs to another log.*same backup together/),
      });
      expect(await store.boundLog()).toBe('log-1');
    });

    it('is bound to one log also where two ask at once', async () => {
      const asked = await Promise.allSettled(['log-1', 'log-2'].map((logId) => store.bindTo(logId)));
      expect(asked.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    });

    it('is bound anew from the log that it is bound to, and from no other', async () => {
      await expect(store.rebind('log-1', 'log-2')).rejects.toMatchObject({ failure: 'foreign' });
      expect(await store.boundLog()).toBeUndefined();
      await store.bindTo('log-1');
      await expect(store.rebind('log-0', 'log-2')).rejects.toMatchObject({ failure: 'foreign' });
      expect(await store.boundLog()).toBe('log-1');
      await store.rebind('log-1', 'log-2');
      await store.rebind('log-1', 'log-2');
      expect(await store.boundLog()).toBe('log-2');
      await expect(store.bindTo('log-1')).rejects.toMatchObject({ failure: 'foreign' });
    });

    it('is bound anew to one log also where two ask at once', async () => {
      await store.bindTo('log-1');
      const asked = await Promise.allSettled(['log-2', 'log-3'].map((logId) => store.rebind('log-1', logId)));
      expect(asked.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    });

    it('refuses owners and tenants that would not make a key id', async () => {
      await expect(store.create({ kind: 'person', id: 'A/b' }, 'main')).rejects.toThrow('not a key owner');
      await expect(store.create(ada, 'Main')).rejects.toThrow('not a key owner');
      await expect(store.create({ kind: 'person', id: '' }, 'main')).rejects.toThrow('not a key owner');
      await expect(store.destroy({ kind: 'person', id: 'A/b' }, 'main')).rejects.toThrow('not a key owner');
    });

    it('says unavailable once closed, and closes twice', async () => {
      await store.create(ada, 'main');
      await store.close();
      await store.close();
      expect((await store.keyFor(ada, 'main')).status).toBe('unavailable');
      expect((await store.create(ada, 'main')).status).toBe('unavailable');
      expect((await store.byKid(`main/person/${ada.id}/1`)).status).toBe('unavailable');
      await expect(store.destroy(ada, 'main')).rejects.toMatchObject({
        name: 'KeyStoreError',
        failure: 'closed',
      });
      await expect(store.secret('cursor', 'main')).rejects.toMatchObject({ failure: 'closed' });
      await expect(store.bindTo('log-1')).rejects.toMatchObject({ failure: 'closed' });
      await expect(store.rebind('log-1', 'log-2')).rejects.toMatchObject({ failure: 'closed' });
      await expect(store.boundLog()).rejects.toMatchObject({ failure: 'closed' });
    });

    it('finishes what was asked before closing', async () => {
      const asked = Array.from({ length: 20 }, (_, i) => store.create(person(i), 'main'));
      await store.close();
      expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(Array(20).fill('key'));
    });

    it('behaves like a set of owners that only ever go from absent to key to destroyed', async () => {
      const step = fc.record({
        n: fc.integer({ min: 0, max: 3 }),
        do: fc.constantFrom('create', 'destroy', 'ask'),
      });
      let round = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
          const tenant = `t${round++}`;
          const model = new Map<number, string>();
          for (const { n, do: action } of steps) {
            if (action === 'destroy') {
              await store.destroy(person(n), tenant);
              model.set(n, 'destroyed');
            } else if (action === 'create') {
              if (!model.has(n)) model.set(n, 'key');
              expect((await store.create(person(n), tenant)).status).toBe(model.get(n));
            } else {
              expect((await store.keyFor(person(n), tenant)).status).toBe(model.get(n) ?? 'absent');
            }
          }
        }),
        { numRuns: 25 },
      );
    });
  });
}
