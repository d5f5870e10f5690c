/** Answers how many bytes a value of its class takes on the heap: for classes whose fields are private. */
export const HEAP_BYTES = Symbol('heapBytes');

/** A value that knows what it takes. */
export interface SizedOnHeap {
  [HEAP_BYTES](): number;
}

// V8 without pointer compression, as Node.js is built: every slot is a word of 8 bytes.
const WORD = 8;
const OBJECT = 3 * WORD;
const ARRAY = 6 * WORD;
const STRING = 2 * WORD;
const TYPED_ARRAY = 216;
const COLLECTION = 10 * WORD;
/** A Map's entry has key, value and chain; a Set's has no value. Half a bucket each, and a table grows by doubling. */
const MAP_ENTRY = 5.25 * WORD;
const SET_ENTRY = 3.75 * WORD;

/** Of a longer list as many members are looked at, evenly spread: what is kept is kept for its likeness. */
const SAMPLED = 24;
/** Deeper than any value of the product; also ends at a circle. */
const DEEPEST = 12;

/**
 * Estimates how many bytes a value takes on the heap, from its structure: plain objects, lists, Maps, Sets, texts,
 * byte arrays, and whatever has HEAP_BYTES. Its cost is bounded by the depth, not by the length: of long lists a
 * sample is weighed. What several values share is counted for each.
 */
export function heapBytes(value: unknown): number {
  return Math.ceil(bytesOf(value, DEEPEST));
}

/** Bytes of a text on the heap: a byte a character, or two where one of three that are looked at is beyond Latin-1. */
export function textBytes(text: string): number {
  const { length } = text;
  if (length === 0) return 0;
  const wide = isWide(text, 0) || isWide(text, length >>> 1) || isWide(text, length - 1);
  return align(STRING + (wide ? 2 * length : length));
}

function isWide(text: string, at: number): boolean {
  return text.charCodeAt(at) > 0xff;
}

function bytesOf(value: unknown, depth: number): number {
  if (typeof value === 'string') return textBytes(value);
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? 0 : 2 * WORD;
  if (typeof value === 'bigint') return 3 * WORD;
  if (typeof value === 'function') return 8 * WORD;
  if (typeof value !== 'object' || value === null || depth === 0) return 0;
  if (isSized(value)) return value[HEAP_BYTES]();
  if (ArrayBuffer.isView(value)) return TYPED_ARRAY + value.byteLength;
  if (Array.isArray(value)) return ARRAY + value.length * WORD + itemsOf(value, depth);
  if (value instanceof Map) {
    const { size } = value;
    const members = membersOf(value.keys(), size, depth) + membersOf(value.values(), size, depth);
    return COLLECTION + size * MAP_ENTRY + members;
  }
  if (value instanceof Set) return COLLECTION + value.size * SET_ENTRY + membersOf(value, value.size, depth);
  return OBJECT + fieldsOf(value as Readonly<Record<string, unknown>>, depth);
}

function fieldsOf(value: Readonly<Record<string, unknown>>, depth: number): number {
  let fields = 0;
  let bytes = 0;
  for (const name in value) {
    if (fields < SAMPLED) bytes += bytesOf(value[name], depth - 1);
    fields += 1;
  }
  return fields * WORD + (fields <= SAMPLED ? bytes : (bytes / SAMPLED) * fields);
}

function isSized(value: object): value is SizedOnHeap {
  return typeof (value as Partial<SizedOnHeap>)[HEAP_BYTES] === 'function';
}

/** What the items of a list take beside their slots. */
function itemsOf(list: readonly unknown[], depth: number): number {
  const seen = Math.min(list.length, SAMPLED);
  if (seen === 0) return 0;
  let bytes = 0;
  for (let n = 0; n < seen; n += 1) bytes += bytesOf(list[Math.floor((n * list.length) / seen)], depth - 1);
  return (bytes / seen) * list.length;
}

/** What the members of a collection take beside their slots: its first ones are looked at. */
function membersOf(members: Iterable<unknown>, count: number, depth: number): number {
  let seen = 0;
  let bytes = 0;
  for (const member of members) {
    if (seen === SAMPLED) break;
    bytes += bytesOf(member, depth - 1);
    seen += 1;
  }
  return seen === 0 ? 0 : (bytes / seen) * count;
}

function align(bytes: number): number {
  return (bytes + WORD - 1) & -WORD;
}
