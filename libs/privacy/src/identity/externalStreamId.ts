import { canonicalJson, uuid5 } from '@rapport/contracts';

/**
 * Stream id of a record of another system: UUIDv5 in a namespace that is secret, so that nobody can tell from the
 * stream's name whether an id (a credit code, a customer number) is known here (contract.md, «The log»).
 *
 * @param secret the tenant's `id-namespace`, 32 bytes; its first 16 are the namespace
 * @param system where the id comes from: `credit-code`, `erp`
 */
export function externalStreamId(secret: Uint8Array, system: string, id: string): string {
  const namespace = Buffer.from(secret.subarray(0, 16)).toString('hex');
  return uuid5(namespace, canonicalJson([system, id.normalize('NFC')]));
}
