import { createHmac } from 'node:crypto';
import { canonicalJson } from '@rapport/contracts';

const INDEX_BYTES = 16;

/**
 * What stands in a view in place of a personal value, so that equality can be searched and nothing can be read.
 * Belongs in views only, never in an event or a stream's name: its key can be rotated and forgotten.
 *
 * @param secret the tenant's `blind-index`
 * @param field which field, so that equal values of two fields don't meet: `phone`
 * @param value normalised by its own rule (a phone in E.164)
 * @returns 128 bits in base64url
 */
export function blindIndex(secret: Uint8Array, tenant: string, field: string, value: string): string {
  const text = canonicalJson(['blind-index', tenant, field, value.normalize('NFC')]);
  return createHmac('sha256', secret)
    .update(text, 'utf8')
    .digest()
    .subarray(0, INDEX_BYTES)
    .toString('base64url');
}
