import type { KeyAnswer } from '../../keyStore.ts';
import { freshKey, instead, wrongKeyStore, type WrongKeyStore } from './wrongKeyStore.ts';

export const WRONG_DESTRUCTION: readonly WrongKeyStore[] = [
  wrongKeyStore(
    'a tombstone that lets a key be made again',
    (right) => {
      const { keys, store } = instead(right);
      return {
        ...store,
        async create(owner, tenant) {
          const made = await right.create(owner, tenant);
          if (made.status !== 'destroyed') return made;
          const again = freshKey(owner, tenant);
          keys.set(again.kid, again);
          return again;
        },
      };
    },
    'destroys for ever: a tombstone refuses another key',
    'leaves a tombstone also where there was no key yet',
    'lets creation and destruction race without a key surviving',
    'behaves like a set of owners that only ever go from absent to key to destroyed',
  ),
  wrongKeyStore(
    'a destruction that leaves nothing where nothing was',
    (right) => ({
      async destroy(owner, tenant) {
        const known = await right.keyFor(owner, tenant);
        if (known.status !== 'absent') await right.destroy(owner, tenant);
      },
    }),
    'leaves a tombstone also where there was no key yet',
    'behaves like a set of owners that only ever go from absent to key to destroyed',
  ),
  wrongKeyStore(
    'a creation that is written over a destruction in between',
    (right) => {
      const { keys, store } = instead(right);
      return {
        ...store,
        async create(owner, tenant) {
          const before = await right.keyFor(owner, tenant);
          if (before.status !== 'absent') return before;
          const made = freshKey(owner, tenant);
          await right.create(owner, tenant);
          keys.set(made.kid, made);
          return made;
        },
      };
    },
    'lets creation and destruction race without a key surviving',
  ),
  wrongKeyStore(
    'a destroyed key that counts as one that never was',
    (right) => ({
      async keyFor(owner, tenant) {
        const answer = await right.keyFor(owner, tenant);
        return answer.status === 'destroyed' ? { status: 'absent' } : answer;
      },
    }),
    'destroys for ever: a tombstone refuses another key',
    'keeps tenants and kinds of owners apart',
    'lets creation and destruction race without a key surviving',
    'behaves like a set of owners that only ever go from absent to key to destroyed',
  ),
  wrongKeyStore(
    'a destruction that takes every key of the owner’s id',
    (right) => ({
      async destroy({ id }, tenant) {
        for (const kind of ['person', 'customer', 'finance'] as const)
          await right.destroy({ kind, id }, tenant);
      },
    }),
    'keeps tenants and kinds of owners apart',
  ),
  wrongKeyStore(
    'a destroyed key that still opens what it sealed',
    (right) => {
      const made = new Map<string, KeyAnswer>();
      return {
        async create(owner, tenant) {
          const answer = await right.create(owner, tenant);
          if (answer.status === 'key') made.set(answer.kid, answer);
          return answer;
        },
        byKid: (kid) => made.get(kid) ?? right.byKid(kid),
      };
    },
    'destroys for ever: a tombstone refuses another key',
  ),
];
