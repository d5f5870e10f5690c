import { ActorAssertions } from '@rapport/messaging';
import type { CacheBudget, Ed25519Jwk } from '@rapport/platform';
import { createLocalJWKSet, importJWK, type CryptoKey } from 'jose';

/** Signs who acts, with this process's private key. */
export async function signingAssertions(key: Ed25519Jwk, caches: CacheBudget): Promise<ActorAssertions> {
  const sign = (await importJWK({ ...key }, 'EdDSA')) as CryptoKey;
  return new ActorAssertions({ sign, kid: key.kid }, caches);
}

/** Verifies who acts, against everybody's public keys. */
export function verifyingAssertions(keys: readonly Ed25519Jwk[], caches: CacheBudget): ActorAssertions {
  return new ActorAssertions(
    { verify: createLocalJWKSet({ keys: keys.map((key) => ({ ...key })) }) },
    caches,
  );
}
