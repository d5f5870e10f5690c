import { createHash, createSecretKey } from 'node:crypto';
import type { Random } from '@rapport/platform';
import {
  SealedFieldCodec,
  type KeyOwner,
  type KeyStore,
  type SealVersion,
  type UsableKey,
} from '@rapport/privacy';

/**
 * The keys that golden events are sealed with. They are no secret: each follows from its key id, so that an event that is
 * added needs no other file.
 */
const GOLDEN_KEYS: Pick<KeyStore, 'keyFor' | 'create' | 'byKid'> = {
  keyFor: (owner, tenant) => keyOf(kidOf(owner, tenant)),
  create: async (owner, tenant) => keyOf(kidOf(owner, tenant)),
  byKid: (kid) => keyOf(kid),
};

function kidOf({ kind, id }: KeyOwner, tenant: string): string {
  return `${tenant}/${kind}/${id}/1`;
}

function keyOf(kid: string): UsableKey {
  const bytes = createHash('sha256').update(`rapport golden key ${kid}`).digest();
  return { status: 'key', kid, key: createSecretKey(bytes) };
}

/**
 * Opens golden events, and seals new ones.
 *
 * @param seed of the nonces: the same seed seals the same bytes
 * @param form in which it seals; default: the newest
 */
export function goldenCodec(seed = '', form?: SealVersion): SealedFieldCodec {
  let drawn = 0;
  const bytes = (count: number): Uint8Array =>
    createHash('sha256')
      .update(`rapport golden nonce ${seed} ${(drawn += 1)}`)
      .digest()
      .subarray(0, count);
  return new SealedFieldCodec(GOLDEN_KEYS as KeyStore, { bytes } as Random, form);
}
