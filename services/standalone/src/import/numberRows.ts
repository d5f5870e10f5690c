import type { CsvFile } from './csvRows.ts';
import type { BadRow, NumberedRow } from './importRun.ts';
import { content } from './kinds/serviceRecords.ts';

/**
 * The rows that can be read, each with its number among equal ones; and those that
 * can't, or whose fields do not fit the header.
 */
export function numberRows(file: CsvFile): {
  readonly rows: readonly NumberedRow[];
  readonly bad: readonly BadRow[];
} {
  const seen = new Map<string, number>();
  const rows: NumberedRow[] = [];
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
    rows.push({ ...row, occurrence });
  }
  return { rows, bad };
}
