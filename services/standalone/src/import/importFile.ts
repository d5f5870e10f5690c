import { readFile } from 'node:fs/promises';
import { readCsv } from './csvRows.ts';
import { writeErrorFile } from './errorFile.ts';
import type { BadRow, ImportReport, NumberedRow } from './importRun.ts';
import { IMPORT_KINDS } from './kinds/index.ts';
import { numberRows } from './numberRows.ts';
import { decodeText } from './textEncoding.ts';

/** Rows that are handed over at once. */
export const ROWS_AT_ONCE = 100;

/** Takes over rows, here or in a running Rapport. */
export type TakeRows = (kind: string, rows: readonly NumberedRow[], dryRun: boolean) => Promise<ImportReport>;

export interface FileImport {
  readonly kind: string;
  readonly path: string;
  readonly dryRun: boolean;
  readonly progress: (done: number, rows: number) => void;
}

export interface FileReport extends ImportReport {
  readonly rows: number;
  readonly encoding: string;
  /** Where the bad rows stand; undefined where there are none. */
  readonly errorFile: string | undefined;
}

/**
 * Imports one file.
 *
 * @throws EncodingError, CsvFormatError, Problem `unavailable`; and what reading and writing files throws
 */
export async function importFile(
  { kind, path, dryRun, progress }: FileImport,
  take: TakeRows,
): Promise<FileReport> {
  const { text, encoding } = decodeText(await readFile(path));
  const file = readCsv(text, IMPORT_KINDS.get(kind)!.columns);
  const numbered = numberRows(file);
  const bad: BadRow[] = [...numbered.bad];
  let imported = 0;
  let repeated = 0;
  for (let at = 0; at < numbered.rows.length; at += ROWS_AT_ONCE) {
    const report = await take(kind, numbered.rows.slice(at, at + ROWS_AT_ONCE), dryRun);
    imported += report.imported;
    repeated += report.repeated;
    bad.push(...report.bad);
    progress(Math.min(at + ROWS_AT_ONCE, numbered.rows.length), numbered.rows.length);
  }
  bad.sort((a, b) => a.line - b.line);
  const errorFile = bad.length === 0 ? undefined : `${path.replace(/\.csv$/i, '')}.errors.csv`;
  if (errorFile !== undefined) await writeErrorFile(errorFile, file, bad);
  return { rows: file.rows.length, imported, repeated, bad, encoding, errorFile };
}
