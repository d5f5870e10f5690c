import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import type { Random } from '@rapport/platform';
import { KEY_BYTES } from '../keyStore.ts';
import { KeyStoreError } from '../keyStoreError.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const OPTIONS = { authTagLength: TAG_BYTES };

/**
 * Wraps keys with AES-256-GCM before they leave the process. A wrapped key is nonce, ciphertext and tag, and opens
 * only under the name that it was wrapped for: whoever can write to the database cannot put one key in another's place.
 */
export class MasterKey {
  private readonly key: KeyObject;

  /**
   * @param bytes 32 of them
   * @throws KeyStoreError `insecure` where it is of another length
   */
  constructor(
    bytes: Uint8Array,
    private readonly random: Random,
  ) {
    if (bytes.length !== KEY_BYTES) {
      throw new KeyStoreError('insecure', `the master key has ${bytes.length} bytes, not ${KEY_BYTES}`);
    }
    this.key = createSecretKey(bytes);
  }

  /** @param name authenticated with it, such as the key id */
  wrap(name: string, bytes: Uint8Array): Buffer {
    const nonce = this.random.bytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce, OPTIONS);
    cipher.setAAD(Buffer.from(name, 'utf8'));
    const wrapped = cipher.update(bytes);
    cipher.final();
    return Buffer.concat([nonce, wrapped, cipher.getAuthTag()]);
  }

  /** undefined where it was wrapped by another master key, for another name, or is damaged. */
  unwrap(name: string, wrapped: Uint8Array): Buffer | undefined {
    if (wrapped.length < NONCE_BYTES + TAG_BYTES) return undefined;
    const tagAt = wrapped.length - TAG_BYTES;
    const decipher = createDecipheriv('aes-256-gcm', this.key, wrapped.subarray(0, NONCE_BYTES), OPTIONS);
    decipher.setAAD(Buffer.from(name, 'utf8'));
    decipher.setAuthTag(wrapped.subarray(tagAt));
    const bytes = decipher.update(wrapped.subarray(NONCE_BYTES, tagAt));
    try {
      decipher.final();
    } catch {
      return undefined;
    }
    return bytes;
  }
}
