import { CsvError, parse } from 'csv-parse/sync';

/** One row of a file by column, with the line that it begins on (1 is the header). */
export interface CsvRow {
  readonly line: number;
  readonly values: Readonly<Record<string, string>>;
  /** As it stands in the file, for the error file. */
  readonly raw: readonly string[];
}

export interface CsvFile {
  readonly header: readonly string[];
  readonly rows: readonly CsvRow[];
}

/** Raised for a file that is no CSV or lacks columns; the message says what to do. */
export class CsvFormatError extends Error {
  override readonly name = 'CsvFormatError';
}

/** A column: its name in code and the headers that it may have. */
export interface Column {
  readonly name: string;
  readonly headers: readonly string[];
  readonly required?: boolean;
}

/**
 * Rows of a CSV file (RFC 4180) with a header line.
 *
 * @throws CsvFormatError naming the line or the missing columns
 */
export function readCsv(text: string, columns: readonly Column[]): CsvFile {
  let records: { record: string[]; raw: string; info: { lines: number } }[];
  try {
    records = parse(text, {
      bom: true,
      info: true,
      raw: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    }) as unknown as typeof records;
  } catch (error) {
    if (error instanceof CsvError)
      throw new CsvFormatError(`not a CSV file: ${error.code} in line ${error['lines']}`);
    throw error;
  }
  const header = records.shift()?.record ?? [];
  const places = new Map(
    columns.map((column) => [column.name, header.findIndex((h) => column.headers.includes(h))]),
  );
  const missing = columns.filter(({ name, required }) => required === true && places.get(name) === -1);
  if (missing.length > 0) {
    throw new CsvFormatError(
      `the header lacks ${missing.map(({ headers }) => headers[0]).join(', ')}; it has ${header.join(', ')}`,
    );
  }
  const rows = records.map(({ record, raw, info }) => {
    const line = info.lines - lineEndsIn(raw);
    const values: Record<string, string> = {};
    for (const [name, place] of places) {
      const value = place === -1 ? undefined : record[place];
      if (value !== undefined && value !== '') values[name] = value;
    }
    return { line, values, raw: record };
  });
  return { header, rows };
}

/** Line ends inside a record, that is inside its quotes: `lines` counts up to the line on which it ends. */
function lineEndsIn(raw: string): number {
  return raw.replaceAll(/^[\r\n]+|[\r\n]+$/g, '').match(/\r\n|\r|\n/g)?.length ?? 0;
}
