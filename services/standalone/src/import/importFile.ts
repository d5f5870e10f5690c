import { readFile } from 'node:fs/promises';
import { IMPORT_KINDS, type BadRow, type ImportReport, type ImportRow } from '@rapport/service-imports';
import { readCsv, type CsvFile } from './csvRows.ts';
import { writeErrorFile } from './errorFile.ts';
import { numberRows } from './numberRows.ts';
import { rowPieces } from './rowPieces.ts';
import { decodeText } from './textEncoding.ts';

/** Takes over rows, here or in a running Rapport. */
export type TakeRows = (kind: string, rows: readonly ImportRow[], dryRun: boolean) => Promise<ImportReport>;

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

/** A file that has been read, of which nothing has been taken over. */
export interface ReadFile {
  readonly file: CsvFile;
  readonly encoding: string;
}

/** @throws EncodingError, CsvFormatError, and what reading files throws */
export async function readImportFile(kind: string, path: string): Promise<ReadFile> {
  const { text, encoding } = decodeText(await readFile(path));
  return { file: readCsv(text, IMPORT_KINDS.get(kind)!.columns), encoding };
}

/**
 * Imports one file.
 *
 * @throws EncodingError, CsvFormatError, Problem `unavailable`; and what reading and writing files throws
 */
export async function importFile(job: FileImport, take: TakeRows): Promise<FileReport> {
  return importRows(job, await readImportFile(job.kind, job.path), take);
}

/** @throws Problem `unavailable`; and what writing files throws */
export async function importRows(
  { kind, path, dryRun, progress }: FileImport,
  { file, encoding }: ReadFile,
  take: TakeRows,
): Promise<FileReport> {
  const numbered = numberRows(file);
  const bad: BadRow[] = [...numbered.bad];
  let imported = 0;
  let repeated = 0;
  let done = 0;
  for (const rows of rowPieces(numbered.rows)) {
    const report = await take(kind, rows, dryRun);
    imported += report.imported;
    repeated += report.repeated;
    bad.push(...report.bad);
    done += rows.length;
    progress(done, numbered.rows.length);
  }
  bad.sort((a, b) => a.line - b.line);
  const errorFile = bad.length === 0 ? undefined : `${path.replace(/\.csv$/i, '')}.errors.csv`;
  if (errorFile !== undefined) await writeErrorFile(errorFile, file, bad);
  return { rows: file.rows.length + file.unreadable.length, imported, repeated, bad, encoding, errorFile };
}
