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

/** An entry of a persistent map or set (immutable): its share of the tree, as measured; of a list much less. */
const TREE_ENTRY = 150;
const TREE_ITEM = 24;

/** Of a longer list as many members are looked at, of a list in it half as many: what is kept is kept for its likeness. */
const LOOKED_AT = 24;

/**
 * Estimates how many bytes a value takes on the heap, from its structure: plain objects, lists, Maps, Sets and persistent
 * collections, texts, byte arrays, and whatever has HEAP_BYTES. Its cost is bounded by the nesting, not by the length: of
 * long lists a sample is weighed. What several values share is counted for each.
 */
export function heapBytes(value: unknown): number {
  return Math.ceil(bytesOf(value, LOOKED_AT));
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

/** @param look how many members of a list are looked at; 0 ends it, as at a circle */
function bytesOf(value: unknown, look: number): number {
  if (typeof value === 'string') return textBytes(value);
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? 0 : 2 * WORD;
  if (typeof value === 'bigint') return 3 * WORD;
  if (typeof value === 'function') return 8 * WORD;
  if (typeof value !== 'object' || value === null || look === 0) return 0;
  if (isSized(value)) return value[HEAP_BYTES]();
  if (ArrayBuffer.isView(value)) return TYPED_ARRAY + value.byteLength;
  if (Array.isArray(value)) return ARRAY + value.length * WORD + itemsOf(value, look);
  if (isCollection(value)) return COLLECTION + entriesOf(value, look);
  return OBJECT + fieldsOf(value as Readonly<Record<string, unknown>>, look);
}

/** Map, Set, and the persistent collections, which have the same methods. */
interface Collection {
  readonly size: number;
  keys(): Iterable<unknown>;
  values(): Iterable<unknown>;
}

function isSized(value: object): value is SizedOnHeap {
  return typeof (value as Partial<SizedOnHeap>)[HEAP_BYTES] === 'function';
}

function isCollection(value: object): value is Collection {
  const { size, keys, values } = value as Partial<Collection>;
  return typeof size === 'number' && typeof keys === 'function' && typeof values === 'function';
}

function entriesOf(value: Collection, look: number): number {
  const { size } = value;
  const values = membersOf(value.values(), size, look);
  if (value instanceof Set) return size * SET_ENTRY + values;
  if (value instanceof Map) return size * MAP_ENTRY + values + membersOf(value.keys(), size, look);
  const methods = value as { readonly add?: unknown; readonly push?: unknown };
  if (methods.push !== undefined) return size * TREE_ITEM + values;
  return size * TREE_ENTRY + values + (methods.add === undefined ? membersOf(value.keys(), size, look) : 0);
}

function fieldsOf(value: Readonly<Record<string, unknown>>, look: number): number {
  let fields = 0;
  let bytes = 0;
  for (const name in value) {
    if (fields < LOOKED_AT) bytes += bytesOf(value[name], look - 1);
    fields += 1;
  }
  return fields * WORD + (fields <= LOOKED_AT ? bytes : (bytes / LOOKED_AT) * fields);
}

/** What the items of a list take beside their slots. */
function itemsOf(list: readonly unknown[], look: number): number {
  const seen = Math.min(list.length, look);
  if (seen === 0) return 0;
  let bytes = 0;
  for (let n = 0; n < seen; n += 1) bytes += bytesOf(list[Math.floor((n * list.length) / seen)], look >> 1);
  return (bytes / seen) * list.length;
}

/** What the members of a collection take beside their entries: its first ones are looked at. */
function membersOf(members: Iterable<unknown>, count: number, look: number): number {
  let seen = 0;
  let bytes = 0;
  for (const member of members) {
    if (seen === look) break;
    bytes += bytesOf(member, look >> 1);
    seen += 1;
  }
  return seen === 0 ? 0 : (bytes / seen) * count;
}

function align(bytes: number): number {
  return (bytes + WORD - 1) & -WORD;
}
