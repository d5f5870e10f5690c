export const PARTITIONS = 32;

/** Partition of events that belong to no customer. */
export const NO_CUSTOMER_PARTITION = 32;

/** FNV-1a, 32 bits, of the customer id's UTF-8, modulo 32 (contract.md). */
export function partitionOf(customerId: string | undefined): number {
  if (customerId === undefined) return NO_CUSTOMER_PARTITION;
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(customerId, 'utf8')) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash % PARTITIONS;
}
