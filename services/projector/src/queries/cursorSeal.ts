import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { ViewCursor } from '@rapport/views';
import { invalidInput, type Random } from '@rapport/platform';

/**
 * Cursors of pages as opaque text. Sealed, because they hold the value that was sorted by and stand in URLs
 * (contract.md: no personal data there); bound to their query, so that none is used with another.
 */
export class CursorSeal {
  constructor(
    private readonly key: Uint8Array,
    private readonly random: Random,
  ) {}

  seal(query: string, cursor: ViewCursor): string {
    const nonce = this.random.bytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce);
    cipher.setAAD(Buffer.from(query));
    const text = Buffer.concat([
      cipher.update(JSON.stringify([cursor.value, cursor.key]), 'utf8'),
      cipher.final(),
    ]);
    return Buffer.concat([nonce, text, cipher.getAuthTag()]).toString('base64url');
  }

  /** @throws Problem naming `cursor` when it is not one of this query's */
  open(query: string, sealed: string): ViewCursor {
    const bytes = Buffer.from(sealed, 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, 12), {
        authTagLength: 16,
      });
      decipher.setAAD(Buffer.from(query));
      decipher.setAuthTag(bytes.subarray(-16));
      const text = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString(
        'utf8',
      );
      const [value, key] = JSON.parse(text) as [ViewCursor['value'], string];
      return { value, key };
    } catch {
      throw invalidInput('cursor', 'is not the next of a page of this list; start again without it');
    }
  }
}
