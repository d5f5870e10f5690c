import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';
import { canonicalJson, type JsonValue, type SealedValue } from '@rapport/contracts';
import { checkParts, type SealVersion } from './authenticatedData.ts';
import { TamperedFieldError } from './sealedFieldErrors.ts';

const TAG_BYTES = 16;
const NONCE_BYTES = 12;
const OPTIONS = { authTagLength: TAG_BYTES };

/**
 * AES-256-GCM of a value's canonical JSON.
 *
 * @param nonce 12 bytes that this key never sees again
 * @param authenticated what a value of form `v` is bound to
 */
export function sealValue(
  v: SealVersion,
  { kid, key }: { readonly kid: string; readonly key: KeyObject },
  nonce: Uint8Array,
  authenticated: string,
  value: JsonValue,
): SealedValue {
  if (nonce.length !== NONCE_BYTES) throw new TypeError('a nonce has 12 bytes');
  const cipher = createCipheriv('aes-256-gcm', key, nonce, OPTIONS);
  cipher.setAAD(Buffer.from(authenticated, 'utf8'));
  const text = cipher.update(canonicalJson(value), 'utf8');
  cipher.final();
  return {
    v,
    alg: 'A256GCM',
    kid,
    nonce: Buffer.from(nonce.buffer, nonce.byteOffset, NONCE_BYTES).toString('base64url'),
    ct: Buffer.concat([text, cipher.getAuthTag()]).toString('base64url'),
  };
}

/** @throws TamperedFieldError when one bit or the place is another than when it was sealed; UnknownSealError */
export function unsealValue(key: KeyObject, authenticated: string, sealed: SealedValue): JsonValue {
  checkParts(sealed.v, authenticated);
  const nonce = decode(sealed.nonce);
  const bytes = decode(sealed.ct);
  if (nonce?.length !== NONCE_BYTES || bytes === undefined || bytes.length < TAG_BYTES) {
    throw new TamperedFieldError(authenticated, 'is malformed');
  }
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, OPTIONS);
  decipher.setAAD(Buffer.from(authenticated, 'utf8'));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  const text = decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES));
  try {
    decipher.final();
  } catch {
    throw new TamperedFieldError(authenticated, 'fails its authentication');
  }
  return JSON.parse(text.toString('utf8')) as JsonValue;
}

/** undefined where `text` is not the one base64url text of its bytes: Node decodes leniently. */
function decode(text: unknown): Buffer | undefined {
  if (typeof text !== 'string') return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
