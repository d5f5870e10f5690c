import { open } from 'node:fs/promises';
import type { BadRow } from '@rapport/service-imports';
import type { CsvFile } from './csvRows.ts';
import { ERROR_COLUMNS, forSpreadsheet } from './spreadsheet.ts';

/** Writes the bad rows as CSV: line and reason, then the row as it stood, so that it can be mended and imported. */
export async function writeErrorFile(path: string, csv: CsvFile, bad: readonly BadRow[]): Promise<void> {
  const rows = new Map([...csv.rows, ...csv.unreadable].map(({ line, raw }) => [line, raw]));
  const lines = [
    [...ERROR_COLUMNS, ...csv.header],
    ...bad.map(({ line, reason }) => [String(line), reason, ...rows.get(line)!.map(forSpreadsheet)]),
  ];
  // The rows are somebody's data: readable by the owner alone. The mark lets spreadsheets read it as UTF-8.
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(`\uFEFF${lines.map((fields) => fields.map(quoted).join(',')).join('\r\n')}\r\n`);
  } finally {
    await file.close();
  }
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
