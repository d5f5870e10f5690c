import type { AggregateQuery, AggregateRow, Scalar } from '../viewStore.ts';
import { filterSql } from './filterSql.ts';
import type { SqlPart, SqlValue } from './filterSql.ts';
import { jsonPath, scalarSql } from './viewTable.ts';

/** Columns: count, then value and «is a boolean» of each `by`, then n, sum, min, max of each measure. */
export function aggregateSql(table: string, { filter = {}, by, measure }: AggregateQuery): SqlPart {
  const where = filterSql(filter);
  const columns = [
    'count(*)',
    ...by.flatMap((path) => [scalarSql(path), `max(${type(path)} IN ('true', 'false'))`]),
    ...measure.flatMap((path) => {
      const number = `CASE WHEN ${type(path)} IN ('integer', 'real') THEN ${scalarSql(path)} END`;
      return [`count(${number})`, `total(${number})`, `min(${number})`, `max(${number})`];
    }),
  ];
  const groups = by.map(scalarSql).join(', ');
  const grouping = by.length === 0 ? '' : ` GROUP BY ${groups} ORDER BY ${groups}`;
  return {
    text: `SELECT ${columns.join(', ')} FROM ${table} WHERE ${where.text}${grouping}`,
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

function type(path: string): string {
  return `json_type(body, '${jsonPath(path)}')`;
}

function fromSql(value: SqlValue, boolean: SqlValue): Scalar {
  return boolean === 1 && value !== null ? value === 1 : value;
}
