import type { AggregateQuery, AggregateRow, Scalar } from '../viewStore.ts';
import { filterSql } from './filterSql.ts';
import type { SqlPart, SqlValue } from './sqlPart.ts';
import { jsonPath } from './viewTable.ts';
import type { FieldSql, ViewTable } from './viewTable.ts';

/** Columns: count, then value and «is a boolean» of each `by`, then n, sum, min, max of each measure. */
export function aggregateSql(
  { name, fieldSql }: ViewTable,
  { filter = {}, by, measure }: AggregateQuery,
): SqlPart {
  const where = filterSql(filter, fieldSql);
  const columns = [
    'count(*)',
    ...by.flatMap((path) => [fieldSql(path), `max(${isBoolean(path, fieldSql)})`]),
    ...measure.flatMap((path) => {
      const field = fieldSql(path);
      const number = `CASE WHEN ${field} < '' AND NOT ${isBoolean(path, fieldSql)} THEN ${field} END`;
      return [`count(${number})`, `total(${number})`, `min(${number})`, `max(${number})`];
    }),
  ];
  const groups = by.map(fieldSql).join(', ');
  const grouping = by.length === 0 ? '' : ` GROUP BY ${groups} ORDER BY ${groups}`;
  return {
    text: `SELECT ${columns.join(', ')} FROM ${name} WHERE ${where.text}${grouping}`,
    values: where.values,
  };
}

export function aggregateRows(rows: readonly SqlValue[][], { by, measure }: AggregateQuery): AggregateRow[] {
  return rows
    .filter(([count]) => count !== 0)
    .map(([count, ...cells]) => {
      const measures = cells.slice(2 * by.length) as number[];
      return {
        count: count as number,
        group: Object.fromEntries(by.map((path, i) => [path, fromSql(cells[2 * i]!, cells[2 * i + 1]!)])),
        measures: Object.fromEntries(
          measure.map((path, i) => {
            const [n, sum, min, max] = measures.slice(4 * i, 4 * i + 4);
            return [path, { n: n!, sum: sum!, min: min ?? 0, max: max ?? 0 }];
          }),
        ),
      };
    });
}

/** SQLite has no booleans: only what looks like one is looked up in the body. */
function isBoolean(path: string, fieldSql: FieldSql): string {
  const type = `json_type(body, '${jsonPath(path)}')`;
  return `(CASE WHEN ${fieldSql(path)} IN (0, 1) THEN ${type} IN ('true', 'false') ELSE 0 END)`;
}

function fromSql(value: SqlValue, boolean: SqlValue): Scalar {
  return boolean === 1 && value !== null ? value === 1 : value;
}
