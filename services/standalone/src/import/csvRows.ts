import { CsvError, parse } from 'csv-parse/sync';
import type { Column } from '@rapport/service-imports';
import { ERROR_COLUMNS, fromSpreadsheet } from './spreadsheet.ts';

/** One row of a file by column, with the line that it begins on (1 is the header). */
export interface CsvRow {
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
  /** As it stands in the file, for the error file. */
  readonly raw: readonly string[];
}

/** A row whose quotes make no sense. */
export interface UnreadableRow {
  readonly line: number;
  readonly reason: string;
  /** Its text, as one field. */
  readonly raw: readonly string[];
}

export interface CsvFile {
  readonly header: readonly string[];
  readonly rows: readonly CsvRow[];
  readonly unreadable: readonly UnreadableRow[];
}

/** Raised for a file that is no CSV or lacks columns; the message says what to do. */
export class CsvFormatError extends Error {
  override readonly name = 'CsvFormatError';
}

/**
 * Rows of a CSV file (RFC 4180) with a header line. A row whose quotes make no sense costs only itself, and a quote
 * that is never closed the rest of the file. Our own error file is read as the file that it came from.
 *
 * @throws CsvFormatError naming the line or the missing columns
 */
export function readCsv(text: string, columns: readonly Column[]): CsvFile {
  const { records, unreadable } = recordsOf(text);
  const written = records.shift()?.fields ?? [];
  const mended = ERROR_COLUMNS.every((column, n) => written[n] === column);
  const header = mended ? written.slice(ERROR_COLUMNS.length) : written;
  const places = new Map(
    columns.map((column) => [column.name, header.findIndex((h) => column.headers.includes(h))]),
  );
  const missing = columns.filter(({ name, required }) => required === true && places.get(name) === -1);
  if (missing.length > 0) {
    throw new CsvFormatError(
      `the header lacks ${missing.map(({ headers }) => headers[0]).join(', ')}; it has ${header.join(', ')}`,
    );
  }
  const rows = records.map(({ fields, line }) => {
    const raw = mended ? fields.slice(ERROR_COLUMNS.length).map(fromSpreadsheet) : fields;
    const values: Record<string, string> = {};
    for (const [name, place] of places) {
      const value = place === -1 ? undefined : raw[place];
      if (value !== undefined && value !== '') values[name] = value;
    }
    return { line, values, raw };
  });
  return { header, rows, unreadable };
}

interface CsvRecord {
  readonly fields: readonly string[];
  readonly line: number;
}

/** The parser does not find back after an error, so what follows the error's line is read anew. */
function recordsOf(text: string): { records: CsvRecord[]; unreadable: UnreadableRow[] } {
  const records: CsvRecord[] = [];
  const unreadable: UnreadableRow[] = [];
  const lines = lineStarts(text);
  for (let skipped = 0; skipped < lines.length;) {
    // Where the last record ended; and what the parser has counted too much: it takes \r\n in quotes for two.
    let ended = skipped;
    let surplus = 0;
    const take = ({ record, raw, info }: Parsed): null => {
      const inside = raw.replaceAll(/^[\r\n]+|[\r\n]+$/g, '');
      surplus += inside.match(/\r\n/g)?.length ?? 0;
      ended = skipped + info.lines - surplus;
      records.push({ fields: record, line: ended - lineStarts(inside).length + 1 });
      return null;
    };
    try {
      parse(text.slice(lines[skipped]), { ...FORMAT, on_record: take as never });
      return { records, unreadable };
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      while (/^[\r\n]/.test(text.slice(lines[ended], lines[ended]! + 1))) ended += 1;
      if (records.length === 0)
        throw new CsvFormatError(`not a CSV file: ${error.code} in line ${ended + 1}`);
      const unclosed = error.code === 'CSV_QUOTE_NOT_CLOSED';
      let next = ended + 1;
      for (
        let left = skipped + (error['lines'] as number) - surplus - next;
        left > 0 && !unclosed;
        next += 1
      ) {
        left -= text.startsWith('\r\n', lines[next]! - 2) ? 2 : 1;
      }
      if (unclosed) next = lines.length;
      const raw = text.slice(lines[ended], lines[next]).replace(/[\r\n]+$/, '');
      unreadable.push({ line: ended + 1, reason: unclosed ? UNCLOSED : MISQUOTED, raw: [raw] });
      skipped = next;
    }
  }
  return { records, unreadable };
}

interface Parsed {
  readonly record: readonly string[];
  readonly raw: string;
  readonly info: { readonly lines: number };
}

const FORMAT = {
  bom: true,
  info: true,
  raw: true,
  relax_column_count: true,
  relax_quotes: true,
  skip_empty_lines: true,
  trim: true,
} as const;

const MISQUOTED = 'row: has text behind a closing quote; write quotes inside a field twice';
const UNCLOSED = 'row: a quote is never closed, so nothing from here on was read; close it';

/** Where each line begins. */
function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) starts.push(index + end.length);
  return starts;
}
