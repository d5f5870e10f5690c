import type { JsonValue } from '@rapport/contracts';
import type { EventSealer } from '@rapport/event-sourcing';

type Fields = { [name: string]: JsonValue };

/**
 * Seals as the real one does, in form only: what the ledger sees is a sealed value, and each sealing of the same
 * text differs, as it does with fresh nonces. Hides nothing; for tests that are not about keys.
 */
export function standInSealer(): EventSealer {
  let sealed = 0;
  const seal = (tenant: string, kind: string, id: string, value: JsonValue): JsonValue => ({
    v: 1,
    alg: 'A256GCM',
    kid: `${tenant}/${kind}/${id}/1`,
    nonce: String((sealed += 1)).padStart(16, '0'),
    ct: Buffer.from(JSON.stringify(value).padEnd(16)).toString('base64url'),
  });
  return {
    seal(definition, data, { tenant }) {
      const copy = structuredClone(data) as Fields;
      for (const { path, fieldClass } of definition.sealedFields) {
        const { owner, when } = fieldClass;
        if (when !== undefined && copy[when.field] !== when.equals) continue;
        replace(copy, path, (value) => seal(tenant, owner.kind, copy[owner.idField] as string, value));
      }
      return copy;
    },
  };
}

function replace(
  at: Fields,
  [name, ...rest]: readonly string[],
  seal: (value: JsonValue) => JsonValue,
): void {
  if (name === '*') {
    for (const item of Object.values(at)) replace(item as Fields, rest, seal);
    return;
  }
  const value = at[name!];
  if (value === undefined) return;
  if (rest.length === 0) at[name!] = seal(value);
  else replace(value as Fields, rest, seal);
}
