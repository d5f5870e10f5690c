import { isSealed, type FieldClassName, type SealedValue } from '@rapport/contracts';

/**
 * How many bytes a body takes up in JSON at most once it is revealed, whoever asks: so that the same page is cut for
 * everybody, and before anything is opened.
 *
 * @param classified as the Revealer takes it
 */
export function shownBytes(body: unknown, classified: Readonly<Record<string, FieldClassName>> = {}): number {
  return bytesAt(body, '', classified);
}

function bytesAt(value: unknown, path: string, classified: Readonly<Record<string, FieldClassName>>): number {
  const bytes = bytesOf(value, path, classified);
  return Object.hasOwn(classified, path) ? Math.max(bytes, MASK_BYTES) : bytes;
}

function bytesOf(value: unknown, path: string, classified: Readonly<Record<string, FieldClassName>>): number {
  if (typeof value !== 'object' || value === null) return textBytes(value);
  if (isSealed(value)) return Math.max(openedBytes(value), MASK_BYTES);
  if (Array.isArray(value)) {
    return value.reduce<number>((sum, item) => sum + bytesAt(item, path, classified) + 1, 2);
  }
  return Object.entries(value).reduce((sum, [name, item]) => {
    const below = path === '' ? name : `${path}.${name}`;
    return sum + textBytes(name) + bytesAt(item, below, classified) + 2;
  }, 2);
}

function textBytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? 'null');
}

/** The ciphertext is as long as what it seals, the value's JSON. What only looks sealed is masked. */
function openedBytes({ ct }: Partial<SealedValue>): number {
  return typeof ct === 'string' ? Math.floor((ct.length * 3) / 4) - TAG_BYTES : 0;
}

const TAG_BYTES = 16;
/** `{"masked":true,"class":"confidential"}`, the longest of what stands in place of a value. */
const MASK_BYTES = 38;
