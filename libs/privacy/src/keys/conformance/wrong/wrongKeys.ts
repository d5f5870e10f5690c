import type { KeyOwner } from '../../keyOwner.ts';
import { freshKey, instead, wrongKeyStore, type WrongKeyStore } from './wrongKeyStore.ts';

export const WRONG_KEYS: readonly WrongKeyStore[] = [
  wrongKeyStore(
    'a question that makes a key',
    (right) => ({ keyFor: (owner, tenant) => right.create(owner, tenant) }),
    'makes no key by being asked for one',
    'behaves like a set of owners that only ever go from absent to key to destroyed',
  ),
  wrongKeyStore(
    'keys of 16 bytes',
    (right) => ({
      create: async (owner, tenant) => {
        const made = await right.create(owner, tenant);
        return made.status === 'key' ? freshKey(owner, tenant, 16) : made;
      },
    }),
    'makes an AES-256 key once and answers it by owner and by id ever after',
  ),
  wrongKeyStore(
    'a creation that replaces the key',
    (right) => {
      const { keys, store } = instead(right);
      return {
        ...store,
        async create(owner, tenant) {
          const made = await right.create(owner, tenant);
          if (made.status !== 'key') return made;
          const replaced = freshKey(owner, tenant);
          keys.set(replaced.kid, replaced);
          return replaced;
        },
      };
    },
    'makes an AES-256 key once and answers it by owner and by id ever after',
  ),
  wrongKeyStore(
    'a look and an insert with a gap between them',
    (right) => {
      const { keys, store } = instead(right);
      return {
        ...store,
        async create(owner, tenant) {
          const before = await store.keyFor!(owner, tenant);
          if (before.status !== 'absent') return before;
          const made = freshKey(owner, tenant);
          keys.set(made.kid, made);
          return made;
        },
      };
    },
    'gives one owner one key however many ask at once',
  ),
  wrongKeyStore(
    'keys that tenants share',
    (right) => ({
      keyFor: (owner) => right.keyFor(owner, 'main'),
      create: (owner) => right.create(owner, 'main'),
      destroy: (owner) => right.destroy(owner, 'main'),
    }),
    'keeps tenants and kinds of owners apart',
  ),
  wrongKeyStore(
    'keys that kinds of owners share',
    (right) => ({
      keyFor: ({ id }, tenant) => right.keyFor({ kind: 'person', id }, tenant),
      create: ({ id }, tenant) => right.create({ kind: 'person', id }, tenant),
      destroy: ({ id }, tenant) => right.destroy({ kind: 'person', id }, tenant),
    }),
    'keeps tenants and kinds of owners apart',
  ),
  wrongKeyStore(
    'an unknown key that counts as erased',
    (right) => ({
      async byKid(kid) {
        const answer = await right.byKid(kid);
        return answer.status === 'unavailable' ? { status: 'destroyed' } : answer;
      },
    }),
    'answers a key that the log names and it never made as unavailable, never as erased',
  ),
  wrongKeyStore(
    'a key id whose generation nobody reads',
    (right) => ({ byKid: (kid) => right.byKid(kid.replace(/\/[1-9]\d*$/, '/1')) }),
    'answers a key that the log names and it never made as unavailable, never as erased',
  ),
  wrongKeyStore(
    'a key that its id does not find',
    (right) => ({
      byKid: (kid) => {
        const answer = right.byKid(kid);
        return answer instanceof Promise ? answer : { status: 'unavailable', cause: new Error('not found') };
      },
    }),
    'makes an AES-256 key once and answers it by owner and by id ever after',
    'leaves a tombstone also where there was no key yet',
  ),
  wrongKeyStore(
    'owners that are made to fit',
    (right) => {
      const fit = ({ kind, id }: KeyOwner): KeyOwner => ({
        kind,
        id: id.toLowerCase().replaceAll(/[^0-9a-z-]/g, '-') || '-',
      });
      return {
        create: (owner, tenant) => right.create(fit(owner), tenant.toLowerCase()),
        destroy: (owner, tenant) => right.destroy(fit(owner), tenant.toLowerCase()),
      };
    },
    'refuses owners and tenants that would not make a key id',
  ),
];
