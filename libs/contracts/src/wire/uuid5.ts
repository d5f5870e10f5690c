import { hash } from 'node:crypto';

/** A UUIDv5 (RFC 9562, 5.5) of UTF-8 text under a namespace UUID. */
export function uuid5(namespace: string, name: string): string {
  const text = Buffer.byteLength(name);
  const input = Buffer.allocUnsafe(16 + text);
  input.write(namespace.replaceAll('-', ''), 0, 16, 'hex');
  input.write(name, 16, 'utf8');
  const digest = hash('sha1', input, 'buffer');
  digest[6] = (digest[6]! & 0x0f) | 0x50;
  digest[8] = (digest[8]! & 0x3f) | 0x80;
  const hex = digest.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
