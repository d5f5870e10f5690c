import { systemRandom } from '@rapport/platform';
import { formatKid } from '../../keyOwner.ts';
import { KEY_BYTES, type KeyAnswer } from '../../keyStore.ts';
import { wrongKeyStore, type WrongKeyStore } from './wrongKeyStore.ts';

export const WRONG_BINDING: readonly WrongKeyStore[] = [
  wrongKeyStore(
    'a secret that is made anew at every question',
    () => ({ secret: async () => systemRandom.bytes(KEY_BYTES) }),
    'makes each secret of a tenant once, 32 bytes, each another',
  ),
  wrongKeyStore(
    'secrets that tenants share',
    (right) => ({ secret: (name) => right.secret(name, 'main') }),
    'makes each secret of a tenant once, 32 bytes, each another',
  ),
  wrongKeyStore(
    'a binding that the last one wins',
    () => {
      let bound: string | undefined;
      return {
        boundLog: async () => bound,
        bindTo: async (logId) => void (bound = logId),
      };
    },
    'is bound to no log at first, then to one for good',
    'is bound to one log also where two ask at once',
  ),
  wrongKeyStore(
    'a binding to a log that nobody named',
    (right) => ({ boundLog: async () => (await right.boundLog()) ?? 'log-0' }),
    'is bound to no log at first, then to one for good',
    'is bound anew from the log that it is bound to, and from no other',
  ),
  wrongKeyStore(
    'a refusal to bind that binds all the same',
    (right) => {
      let bound: string | undefined;
      return {
        boundLog: async () => bound,
        async bindTo(logId) {
          bound = logId;
          await right.bindTo(logId);
        },
        async rebind(from, logId) {
          bound = logId;
          await right.rebind(from, logId);
        },
      };
    },
    'is bound to no log at first, then to one for good',
    'is bound anew from the log that it is bound to, and from no other',
  ),
  wrongKeyStore(
    'a rebinding that is forgotten',
    (right) => {
      let bound: string | undefined;
      return {
        async bindTo(logId) {
          await right.bindTo(logId);
          bound = logId;
        },
        boundLog: async () => bound,
      };
    },
    'is bound anew from the log that it is bound to, and from no other',
  ),
  wrongKeyStore(
    'a rebinding from any log',
    (right) => {
      let bound: string | undefined;
      return {
        boundLog: async () => bound ?? (await right.boundLog()),
        rebind: async (_from, logId) => void (bound = logId),
      };
    },
    'is bound anew from the log that it is bound to, and from no other',
    'is bound anew to one log also where two ask at once',
  ),
  wrongKeyStore(
    'a store that goes on after it was closed',
    () => ({ close: async () => undefined }),
    'says unavailable once closed, and closes twice',
  ),
  wrongKeyStore(
    'a closed store that answers from memory',
    (right) => {
      const known = new Map<string, KeyAnswer>();
      return {
        async create(owner, tenant) {
          const answer = await right.create(owner, tenant);
          if (answer.status === 'key') known.set(answer.kid, answer);
          return answer;
        },
        byKid: (kid) => known.get(kid) ?? right.byKid(kid),
        keyFor: (owner, tenant) => known.get(formatKid(tenant, owner, 1)) ?? right.keyFor(owner, tenant),
      };
    },
    'says unavailable once closed, and closes twice',
    'destroys for ever: a tombstone refuses another key',
  ),
  wrongKeyStore(
    'a closed store that knows its secrets and its log',
    (right) => ({
      boundLog: () => right.boundLog().catch(() => undefined),
      secret: (name, tenant) => right.secret(name, tenant).catch(() => systemRandom.bytes(KEY_BYTES)),
    }),
    'says unavailable once closed, and closes twice',
  ),
  wrongKeyStore(
    'a close that drops what was asked',
    (right) => ({
      async create(owner, tenant) {
        await Promise.resolve();
        return right.create(owner, tenant);
      },
    }),
    'finishes what was asked before closing',
  ),
];
