import { afterPrefix } from '../query/afterPrefix.ts';
import type { Condition, Scalar, ViewFilter } from '../viewStore.ts';
import type { SqlPart, SqlValue } from './sqlPart.ts';
import type { FieldSql } from './viewTable.ts';

/** The filter of an assertFilter-ed query as a WHERE clause, over live documents. */
export function filterSql(filter: ViewFilter, field: FieldSql): SqlPart {
  const parts = Object.entries(filter).flatMap(([path, wanted]) => conditionSql(field(path), wanted));
  return {
    text: ['gone = 0', ...parts.map(({ text }) => text)].join(' AND '),
    values: parts.flatMap(({ values }) => values),
  };
}

export function bindable(value: Scalar): SqlValue {
  return typeof value === 'boolean' ? Number(value) : value;
}

function conditionSql(field: string, wanted: Scalar | Condition): SqlPart[] {
  if (wanted === null) return [part(`${field} IS NULL`)];
  if (typeof wanted !== 'object') return [part(`${field} = ?`, bindable(wanted))];
  const parts: SqlPart[] = [];
  if (wanted.in !== undefined) parts.push(oneOf(field, wanted.in));
  if (wanted.exists !== undefined) parts.push(part(`${field} IS ${wanted.exists ? 'NOT ' : ''}NULL`));
  if (wanted.startsWith !== undefined) parts.push(...startsWith(field, wanted.startsWith));
  if (wanted.gte !== undefined) parts.push(...bound(field, '>=', wanted.gte));
  if (wanted.gt !== undefined) parts.push(...bound(field, '>', wanted.gt));
  if (wanted.lte !== undefined) parts.push(...bound(field, '<=', wanted.lte));
  if (wanted.lt !== undefined) parts.push(...bound(field, '<', wanted.lt));
  return parts;
}

function part(text: string, ...values: SqlValue[]): SqlPart {
  return { text, values };
}

function oneOf(field: string, values: readonly Scalar[]): SqlPart {
  const present = values.filter((value) => value !== null).map(bindable);
  // One parameter however many values: the statement stays the same.
  const among = part(`${field} IN (SELECT value FROM json_each(?))`, JSON.stringify(present));
  return present.length === values.length
    ? among
    : part(`(${among.text} OR ${field} IS NULL)`, ...among.values);
}

/** SQLite orders all numbers before all text: '' is where text begins. */
function bound(field: string, operator: string, value: string | number): SqlPart[] {
  const sameType = typeof value === 'string' ? part(`${field} >= ''`) : part(`${field} < ''`);
  return [part(`${field} ${operator} ?`, value), sameType];
}

function startsWith(field: string, prefix: string): SqlPart[] {
  const after = afterPrefix(prefix);
  const from = part(`${field} >= ?`, prefix);
  return after === undefined ? [from] : [from, part(`${field} < ?`, after)];
}
