import type { StatementCache } from './statementCache.ts';
import type { SqlValue } from './sqlPart.ts';
import type { DocumentsWritten } from './workerMessages.ts';

/** How a document is written: it may be new, it replaces one, or it was folded anew. */
export const ANY = 0;
export const REPLACES = 1;
export const REFOLDED = 2;

/**
 * Writes each document whose stored index is lower, or which is absent, within the transaction of the caller.
 *
 * A document that replaces one is first written hopefully: as a change of index and body alone, which touches no
 * secondary index, where the columns are as they were. Else, and for new documents at once, all of it.
 *
 * @returns documents written
 */
export function writeDocuments(statements: StatementCache, asked: DocumentsWritten): number {
  const { table, columns, documents, cells } = asked;
  const upsert = statements.get(upsertSql(table, columns, '<'));
  const refold = statements.get(upsertSql(table, columns, '<='));
  const change = statements.get(changeSql(table, columns));
  const width = 4 + columns.length;
  let written = 0;
  for (let at = 0; at < documents * width; at += width) {
    const key = cells[at]!;
    const index = cells[at + 1]!;
    const body = cells[at + width - 1]!;
    const indexed = cells.slice(at + 3, at + width - 1);
    const way = cells[at + 2];
    if (
      way === REPLACES &&
      body !== null &&
      change.run([index, body, key, index, ...indexed]).changes === 1
    ) {
      written += 1;
      continue;
    }
    const statement = way === REFOLDED ? refold : upsert;
    written += statement.run([key, index, body === null ? 1 : 0, ...indexed, body] as SqlValue[]).changes;
  }
  return written;
}

function upsertSql(table: string, columns: readonly string[], guard: '<' | '<='): string {
  const names = ['key', 'idx', 'gone', ...columns, 'body'];
  const changes = names.slice(1).map((name) => `${name} = excluded.${name}`);
  return `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})
    ON CONFLICT (key) DO UPDATE SET ${changes.join(', ')} WHERE idx ${guard} excluded.idx`;
}

/** Index and body of a live document whose columns are these. */
export function changeSql(table: string, columns: readonly string[]): string {
  const same = columns.map((column) => ` AND ${column} IS ?`).join('');
  return `UPDATE ${table} SET idx = ?, body = ? WHERE key = ? AND idx < ? AND gone = 0${same}`;
}
