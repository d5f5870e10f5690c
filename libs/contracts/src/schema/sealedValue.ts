import Type, { type Static } from 'typebox';

/**
 * A sealed field as it is stored (contract.md): AES-256-GCM of the field's canonical JSON. `v: 2` is bound to its event
 * and its owner too, `v: 1` is what was sealed before.
 */
export const SealedValue = Type.Object(
  {
    v: Type.Union([Type.Literal(1), Type.Literal(2)]),
    alg: Type.Literal('A256GCM'),
    /** Key id: `<tenant>/<owner kind>/<owner id>/<generation>`. */
    kid: Type.String({ pattern: '^[a-z0-9-]+/(person|customer|finance)/[0-9a-z-]{1,80}/[1-9][0-9]*$' }),
    /** 12 bytes, base64url. */
    nonce: Type.String({ pattern: '^[A-Za-z0-9_-]{16}$' }),
    /** Ciphertext followed by the 16-byte tag, base64url. */
    ct: Type.String({ pattern: '^[A-Za-z0-9_-]{22,}$' }),
  },
  { additionalProperties: false },
);

export type SealedValue = Static<typeof SealedValue>;

export function isSealed(value: unknown): value is SealedValue {
  return typeof value === 'object' && value !== null && (value as { alg?: unknown }).alg === 'A256GCM';
}
