import { createSecretKey } from 'node:crypto';
import { systemRandom } from '@rapport/platform';
import { withFault, type WrongImplementation } from '@rapport/platform/conformance';
import { formatKid, type KeyOwner } from '../../keyOwner.ts';
import { KEY_BYTES, type KeyAnswer, type KeyStore, type UsableKey } from '../../keyStore.ts';
import type { KeyStoreHarness } from '../keyStoreConformance.ts';

export type WrongKeyStore = WrongImplementation<KeyStoreHarness>;

/** A right store, in memory, with a fault. @param faulty the members that are wrong; called once for each test */
export function wrongKeyStore(
  fault: string,
  faulty: (right: KeyStore) => Partial<KeyStore>,
  ...rejectedBy: readonly string[]
): WrongKeyStore {
  const make = (harness: KeyStoreHarness): KeyStoreHarness => ({
    ...harness,
    async open() {
      const right = await harness.open();
      return withFault(right, faulty(right));
    },
  });
  return { fault, make, rejectedBy };
}

/** A key that no store has. */
export function freshKey(owner: KeyOwner, tenant: string, bytes = KEY_BYTES): UsableKey {
  return {
    status: 'key',
    kid: formatKid(tenant, owner, 1),
    key: createSecretKey(systemRandom.bytes(bytes)),
  };
}

/** Keys that a wrong store gives in place of the right one's answers. */
export function instead(right: KeyStore): {
  readonly keys: Map<string, KeyAnswer>;
  readonly store: Partial<KeyStore>;
} {
  const keys = new Map<string, KeyAnswer>();
  return {
    keys,
    store: {
      keyFor: (owner, tenant) => keys.get(formatKid(tenant, owner, 1)) ?? right.keyFor(owner, tenant),
      byKid: (kid) => keys.get(kid) ?? right.byKid(kid),
    },
  };
}
