import { content, type BadRow, type ImportRow } from '@rapport/service-imports';
import type { CsvFile } from './csvRows.ts';
import { fitsAlone } from './rowPieces.ts';

/**
 * The rows that can be read, each with its number among equal ones; and those that
 * can't, whose fields do not fit the header, or that no request can hold.
 */
export function numberRows(file: CsvFile): {
  readonly rows: readonly ImportRow[];
  readonly bad: readonly BadRow[];
} {
  const seen = new Map<string, number>();
  const rows: ImportRow[] = [];
  const bad: BadRow[] = file.unreadable.map(({ line, reason }) => ({ line, reason }));
  for (const row of file.rows) {
    if (row.raw.length !== file.header.length) {
      bad.push({
        line: row.line,
        reason: `row: has ${row.raw.length} fields, the header has ${file.header.length}; quote fields with commas`,
      });
      continue;
    }
    const key = JSON.stringify(content(row.values));
    const occurrence = seen.get(key) ?? 0;
    seen.set(key, occurrence + 1);
    const numbered = { line: row.line, occurrence, values: row.values };
    if (fitsAlone(numbered)) rows.push(numbered);
    else bad.push({ line: row.line, reason: 'row: has more than 200 kB; shorten its texts' });
  }
  return { rows, bad };
}
