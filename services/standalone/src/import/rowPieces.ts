import type { ImportRow } from '@rapport/service-imports';

/** Rows that are handed over at once, and their bytes as JSON: a request may have 256 kB. */
const ROWS_AT_ONCE = 100;
const BYTES_AT_ONCE = 200_000;

/** Rows in the pieces in which they are handed over, in order. @param rows each of which `fitsAlone` */
export function* rowPieces(rows: readonly ImportRow[]): Generator<readonly ImportRow[]> {
  for (let from = 0, to = from; from < rows.length; from = to) {
    for (let bytes = 0; to < rows.length && to - from < ROWS_AT_ONCE; to += 1) {
      bytes += bytesOf(rows[to]!);
      if (bytes > BYTES_AT_ONCE && to > from) break;
    }
    yield rows.slice(from, to);
  }
}

/** Whether a row can be handed over at all. */
export function fitsAlone(row: ImportRow): boolean {
  return bytesOf(row) <= BYTES_AT_ONCE;
}

function bytesOf(row: ImportRow): number {
  return Buffer.byteLength(JSON.stringify(row)) + ','.length;
}
