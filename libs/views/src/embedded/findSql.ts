import type { ViewQuery } from '../viewStore.ts';
import { bindable, filterSql } from './filterSql.ts';
import type { SqlPart } from './sqlPart.ts';
import type { FieldSql, ViewTable } from './viewTable.ts';

/**
 * The statements that together give a page, in order: the next is asked only while documents are missing. A page
 * after a cursor is at most two ranges of an index (missing fields and the rest); as one statement with OR, SQLite
 * would walk the index from its start for every page.
 */
export function findSql({ name, fieldSql }: ViewTable, query: ViewQuery): SqlPart[] {
  const where = filterSql(query.filter ?? {}, fieldSql);
  return ranges(query, fieldSql).map(({ text, values }) => ({
    text: `SELECT key, idx, body FROM ${name} WHERE ${where.text}${text} LIMIT ?`,
    values: [...where.values, ...values],
  }));
}

function ranges({ sort, after }: ViewQuery, fieldSql: FieldSql): SqlPart[] {
  if (sort === undefined) {
    return [
      after === undefined
        ? { text: ' ORDER BY key', values: [] }
        : { text: ' AND key > ? ORDER BY key', values: [after.key] },
    ];
  }
  const field = fieldSql(sort.by);
  const ascending = sort.direction === 'asc';
  const order = ascending ? ` ORDER BY ${field}, key` : ` ORDER BY ${field} DESC, key DESC`;
  const beyond = ascending ? '>' : '<';
  if (after === undefined) return [{ text: order, values: [] }];

  const present = { text: ` AND ${field} IS NOT NULL${order}`, values: [] };
  const missing = { text: ` AND ${field} IS NULL${order}`, values: [] };
  if (after.value === null) {
    const rest = { text: ` AND ${field} IS NULL AND key ${beyond} ?${order}`, values: [after.key] };
    return ascending ? [rest, present] : [rest];
  }
  const value = bindable(after.value);
  const ties = { text: ` AND ${field} = ? AND key ${beyond} ?${order}`, values: [value, after.key] };
  const rest = { text: ` AND ${field} ${beyond} ?${order}`, values: [value] };
  return ascending ? [ties, rest] : [ties, rest, missing];
}
