import { createHmac } from 'node:crypto';
import { canonicalJson, type JsonValue } from '@rapport/contracts';

/**
 * Keyed HMAC of a request, kept in its events: the same command id with another request is noticed, and nobody
 * without the key can guess what the request said (contract.md, «The command»).
 *
 * @param secret the tenant's `request-hmac`
 * @param request what the command was asked: targets and body, in NFC; decimals as text
 * @returns HMAC-SHA256 in base64url
 */
export function requestHmac(secret: Uint8Array, tenant: string, request: JsonValue): string {
  return createHmac('sha256', secret)
    .update(canonicalJson(['request', tenant, request]), 'utf8')
    .digest('base64url');
}
