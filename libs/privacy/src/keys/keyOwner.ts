import type { KeyOwnerKind } from '@rapport/contracts';

/** Whose key it is: a person, a customer's free text, or a customer's finances. */
export interface KeyOwner {
  readonly kind: KeyOwnerKind;
  /** Opaque id, 1 to 80 of 0-9, a-z and -. */
  readonly id: string;
}

/** What a key id says: `<tenant>/<owner kind>/<owner id>/<generation>`. */
export interface KeyId {
  readonly tenant: string;
  readonly owner: KeyOwner;
  /** From 1. */
  readonly generation: number;
}

const KID = /^([a-z0-9-]+)\/(person|customer|finance)\/([0-9a-z-]{1,80})\/([1-9]\d{0,8})$/;

/** @throws TypeError when a part is not made of the letters that key ids allow */
export function formatKid(tenant: string, owner: KeyOwner, generation: number): string {
  const kid = `${tenant}/${owner.kind}/${owner.id}/${generation}`;
  if (!KID.test(kid)) throw new TypeError('not a key owner: tenant and id hold only 0-9, a-z and -');
  return kid;
}

/** undefined when `kid` is no key id. */
export function parseKid(kid: string): KeyId | undefined {
  const match = KID.exec(kid);
  if (match === null) return undefined;
  const [, tenant, kind, id, generation] = match as unknown as [string, string, KeyOwnerKind, string, string];
  return { tenant, owner: { kind, id }, generation: Number(generation) };
}
