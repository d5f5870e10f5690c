import { isUtf8 } from 'node:buffer';
import { fieldPath, NEVER_FIELDS } from '@rapport/contracts';
import { invalidInput, Problem } from '@rapport/platform';

const MAX_DEPTH = 16;
type Part = Record<string, unknown> | unknown[];

/**
 * Reads a JSON body: UTF-8, one object, text brought into NFC, safe integers, at most 16 levels deep. What is not
 * so would fail later as canonical JSON, without saying where.
 *
 * @returns undefined for an empty body
 * @throws Problem `invalid-input` naming the field, never its value
 */
export function parseJsonBody(bytes: Buffer): object | undefined {
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw invalidInput('body', 'must be UTF-8 throughout');
  let body: unknown;
  try {
    // A field named __proto__ becomes a field like others here, and is refused as one below.
    body = JSON.parse(bytes.toString('utf8'));
  } catch {
    // The parser's own message quotes what it read.
    throw invalidInput('body', 'must be valid JSON (RFC 8259)');
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw invalidInput('body', 'must be a JSON object');
  }
  normalise(body as Part, '', 1);
  return body;
}

function normalise(part: Part, path: string, depth: number): void {
  if (depth > MAX_DEPTH) {
    throw new Problem({
      kind: 'invalid-input',
      detail: `The body is nested more than ${MAX_DEPTH} levels deep.`,
      errors: [{ field: 'body', message: `must not be nested more than ${MAX_DEPTH} levels deep` }],
    });
  }
  if (Array.isArray(part)) {
    for (let i = 0; i < part.length; i += 1) part[i] = normalised(part[i], path, i, depth);
    return;
  }
  for (const name of Object.keys(part)) {
    if (NEVER_FIELDS.has(name) || !name.isWellFormed() || name.normalize('NFC') !== name) {
      throw invalidInput(fieldPath(path, name), 'is not a known field; leave it out');
    }
    const value = part[name];
    const after = normalised(value, path, name, depth);
    if (!Object.is(after, value)) part[name] = after;
  }
}

function normalised(value: unknown, above: string, name: string | number, depth: number): unknown {
  switch (typeof value) {
    case 'string':
      if (!value.isWellFormed())
        throw invalidInput(fieldPath(above, name), 'must not hold half a surrogate pair');
      return value.normalize('NFC');
    case 'number':
      if (!Number.isSafeInteger(value)) {
        throw invalidInput(
          fieldPath(above, name),
          'must be a whole number; write decimals as text, in quotes',
        );
      }
      // Negative zero, which canonical JSON has not.
      return value === 0 ? 0 : value;
    case 'object':
      if (value !== null) normalise(value as Part, fieldPath(above, name), depth + 1);
      return value;
    default:
      return value;
  }
}
