import type { DocumentBody } from '../viewStore.ts';
import { ViewStoreError } from '../viewStoreError.ts';

/**
 * Largest document, in bytes of its JSON. An answer carries half of it (512 kB), and MongoDB's 16 MB hold it whatever it
 * is made of: the worst, an array of digits, takes six times as much there.
 */
export const MAX_DOCUMENT_BYTES = 1024 * 1024;
/** Deepest nesting: MongoDB promises 100 levels, SQLite takes more and then fails each query that meets one. */
export const MAX_DOCUMENT_DEPTH = 64;

/**
 * The body as JSON: what every engine keeps or is given back.
 *
 * @throws ViewStoreError `refused` where no engine is asked to keep it
 */
export function documentText(body: DocumentBody): string {
  const text = asJson(body);
  // A UTF-16 unit has at most three bytes of UTF-8: most documents need not be measured.
  if (text.length * 3 > MAX_DOCUMENT_BYTES && Buffer.byteLength(text) > MAX_DOCUMENT_BYTES) {
    throw refused(
      `a document is larger than ${MAX_DOCUMENT_BYTES} bytes: give what grows documents of its own`,
    );
  }
  // Nothing nests deeper than there are beginnings: most documents need not be walked through.
  if (beginnings(text) > MAX_DOCUMENT_DEPTH && isDeeperThan(MAX_DOCUMENT_DEPTH, body)) {
    throw refused(`a document nests its values deeper than ${MAX_DOCUMENT_DEPTH} levels`);
  }
  return text;
}

function asJson(body: DocumentBody): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(body);
  } catch (error) {
    // The message may quote what stands there.
    throw refused(`a document is no JSON: ${error instanceof Error ? error.name : typeof error}`);
  }
  if (text === undefined || !text.startsWith('{')) throw refused('a document is a JSON object');
  return text;
}

/** Objects and lists that begin, up to one more than may nest. */
function beginnings(text: string): number {
  let count = 0;
  for (const begin of ['{', '[']) {
    for (let at = text.indexOf(begin); at >= 0; at = text.indexOf(begin, at + 1)) {
      if (++count > MAX_DOCUMENT_DEPTH) return count;
    }
  }
  return count;
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((item) => isDeeperThan(levels - 1, item));
}

function refused(message: string): ViewStoreError {
  return new ViewStoreError('refused', message);
}
