import { isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

/** Raised for a file that is neither UTF-8 nor GB18030. */
export class EncodingError extends Error {
  override readonly name = 'EncodingError';
}

/**
 * Text of a file in UTF-8 (with or without byte order mark) or GB18030, in NFC. Valid UTF-8 is taken as such: text
 * in GB18030 with Chinese in it practically never is.
 *
 * @throws EncodingError
 */
export function decodeText(bytes: Uint8Array): {
  readonly text: string;
  readonly encoding: 'UTF-8' | 'GB18030';
} {
  if (isUtf8(bytes)) {
    return { text: new TextDecoder('utf-8').decode(bytes).normalize('NFC'), encoding: 'UTF-8' };
  }
  const text = iconv.decode(Buffer.from(bytes), 'gb18030');
  if (text.includes('\uFFFD')) {
    throw new EncodingError('the file is neither UTF-8 nor GB18030: save it in one of them');
  }
  return { text: text.normalize('NFC'), encoding: 'GB18030' };
}
