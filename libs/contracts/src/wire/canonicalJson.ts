/** A value that canonical JSON can hold: numbers are safe integers, decimals are strings. */
export type JsonValue =
  string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue | undefined };

/** Raised for what must never reach the log: fractions, unsafe integers, lone surrogates, non-NFC text. */
export class NotCanonicalError extends TypeError {
  override readonly name = 'NotCanonicalError';

  /** @param path JSON pointer of the offending place; never its value */
  constructor(
    readonly path: string,
    reason: string,
  ) {
    super(`${path === '' ? '/' : path} ${reason}`);
  }
}

/**
 * Canonical JSON: RFC 8785 restricted by contract.md to safe integers and NFC text. Properties that are
 * undefined are left out, as JSON.stringify does. The bytes of an event are the UTF-8 of this text.
 *
 * @throws NotCanonicalError naming the place
 */
export function canonicalJson(value: JsonValue): string {
  return write(value, '');
}

/** The same as UTF-8 bytes. */
export function canonicalBytes(value: JsonValue): Uint8Array {
  return Buffer.from(canonicalJson(value), 'utf8');
}

// Printable ASCII without quote and backslash: needs neither escaping nor normalising.
const PLAIN = /^[ !#-[\]-~]*$/;

function writeText(text: string, path: string): string {
  if (PLAIN.test(text)) return `"${text}"`;
  if (!text.isWellFormed())
    throw new NotCanonicalError(path, 'holds a lone surrogate: send well-formed text');
  if (text.normalize('NFC') !== text) throw new NotCanonicalError(path, 'is not in NFC: normalise it first');
  // RFC 8785, 3.2.2.2 takes over ECMAScript's string serialisation.
  return JSON.stringify(text);
}

function write(value: JsonValue | undefined, path: string): string {
  switch (typeof value) {
    case 'string':
      return writeText(value, path);
    case 'number':
      if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
        throw new NotCanonicalError(path, 'is not a safe integer: send decimals as strings');
      }
      return String(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      if (value === null) return 'null';
      if (Array.isArray(value)) {
        return `[${(value as readonly JsonValue[]).map((item, i) => write(item, `${path}/${i}`)).join(',')}]`;
      }
      return writeObject(value as { readonly [key: string]: JsonValue | undefined }, path);
    default:
      throw new NotCanonicalError(path, `is of type ${typeof value}, which JSON cannot hold`);
  }
}

function writeObject(value: { readonly [key: string]: JsonValue | undefined }, path: string): string {
  // RFC 8785 sorts by UTF-16 code units, which is what Array.prototype.sort does without a comparator.
  const keys = Object.keys(value).sort();
  let text = '';
  for (const key of keys) {
    const item = value[key];
    if (item === undefined) continue;
    text += `${text === '' ? '' : ','}${writeText(key, path)}:${write(item, `${path}/${key}`)}`;
  }
  return `{${text}}`;
}
