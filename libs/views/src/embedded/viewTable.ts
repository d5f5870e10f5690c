import { assertVersion } from '../query/assertQuery.ts';
import { scalarReader } from '../query/fieldPath.ts';
import type { DocumentBody, ViewDefinition, ViewQuery } from '../viewStore.ts';
import { ViewStoreError } from '../viewStoreError.ts';
import { isCovered } from './coveringIndex.ts';
import type { SqlValue } from './sqlPart.ts';

/** Table of one version of a view. Names hold only a-z and -, so that the mapping is one to one and safe. */
export function tableOf(view: string, version: number): string {
  assertVersion(view, version);
  return `doc_${view.replaceAll('-', '_')}_v${version}`;
}

/** SQL of the scalar at a path that assertFieldPath accepted. */
export type FieldSql = (path: string) => string;

/** `"$.tier.value"` as SQLite writes it. */
export function jsonPath(path: string): string {
  return `$${path
    .split('.')
    .map((segment) => `."${segment}"`)
    .join('')}`;
}

/**
 * How the documents of one version lie in the file: `key`, `idx`, `gone` (1: a tombstone), a column for each field
 * that an index names, and the body as JSON. The columns are filled from the document in JavaScript, so that no
 * write parses JSON, and a write that leaves them as they are touches no index: hence `gone`, since an index over
 * `body IS NOT NULL` would be touched by every change of the body.
 *
 * A table with rowid: bodies are large for a B-tree by key, and it was measured at 57,000 random upserts a second
 * against 32,000 without rowid.
 */
export class ViewTable {
  readonly name: string;
  /** SQL names of the columns, in the order of `cells`. */
  readonly columns: readonly string[];
  private readonly paths: readonly string[];
  private readonly readers: readonly ((body: DocumentBody) => SqlValue)[];
  private readonly fields: ReadonlyMap<string, string>;

  constructor(private readonly definition: ViewDefinition) {
    this.name = tableOf(definition.name, definition.version);
    this.paths = [...new Set(definition.indexes.flatMap(({ fields }) => fields))];
    this.columns = this.paths.map(columnOf);
    this.readers = this.paths.map(bindableReader);
    this.fields = new Map(this.paths.map((path, i) => [path, this.columns[i]!]));
  }

  /** Of a field with a column, that; else it is looked up in the body. */
  readonly fieldSql: FieldSql = (path) => this.fields.get(path) ?? `json_extract(body, '${jsonPath(path)}')`;

  /** Whether a page costs no more than its documents. */
  isCovered(query: ViewQuery): boolean {
    return isCovered(query, this.definition.indexes);
  }

  /** What stands in the columns of a document with this body. */
  cells(body: DocumentBody | null): SqlValue[] {
    return this.readers.map((read) => (body === null ? null : read(body)));
  }

  /**
   * Statements that make the table and its indexes, or change them from what another definition of the same version
   * made of them. A new column is filled from the bodies; one that nobody fills any more goes, lest it be believed.
   *
   * @param found columns and indexes as they are; empty where there is no table
   */
  statements(found: { readonly columns: readonly string[]; readonly indexes: readonly string[] }): string[] {
    const { name } = this;
    const columns = new Set(found.columns.filter((column) => column.startsWith('f:')).map(quoted));
    const indexes = this.indexes();
    const added = found.columns.length === 0 ? [] : this.paths.filter((path) => !columns.has(columnOf(path)));
    return [
      ...found.indexes.filter((index) => !indexes.has(index)).map((index) => `DROP INDEX ${quoted(index)}`),
      ...[...columns]
        .filter((column) => !this.columns.includes(column))
        .map((column) => `ALTER TABLE ${name} DROP COLUMN ${column}`),
      `CREATE TABLE IF NOT EXISTS ${name} (${[
        'key TEXT PRIMARY KEY NOT NULL, idx INTEGER NOT NULL, gone INTEGER NOT NULL',
        ...this.columns,
        'body TEXT)',
      ].join(', ')}`,
      ...added.flatMap((path) => [
        `ALTER TABLE ${name} ADD COLUMN ${columnOf(path)}`,
        `UPDATE ${name} SET ${columnOf(path)} = json_extract(body, '${jsonPath(path)}')
         WHERE json_type(body, '${jsonPath(path)}') NOT IN ('object', 'array')`,
      ]),
      ...indexes.values(),
    ];
  }

  private indexes(): Map<string, string> {
    const { name } = this;
    const tombstones = `${name}__tombstones`;
    const made = new Map([
      [tombstones, `CREATE INDEX IF NOT EXISTS ${tombstones} ON ${name} (gone) WHERE gone = 1`],
    ]);
    for (const { fields } of this.definition.indexes) {
      const index = `${name}__${fields.join('__')}`;
      const columns = [...fields.map(columnOf), 'key'].join(', ');
      made.set(index, `CREATE INDEX IF NOT EXISTS ${quoted(index)} ON ${name} (${columns}) WHERE gone = 0`);
    }
    return made;
  }
}

/** Distinct paths have distinct columns, although SQLite's names do not tell A from a. Without type: kept as bound. */
function columnOf(path: string): string {
  return quoted(`f:${path.replaceAll(/[A-Z]/g, (letter) => `^${letter.toLowerCase()}`)}`);
}

function quoted(name: string): string {
  return `"${name}"`;
}

/** libsql keeps text only up to U+0000: it would be found under another value. */
function whole(text: string): string {
  if (text.includes('\0')) throw new ViewStoreError('refused', 'indexed text of a document holds U+0000');
  return text;
}

/** As JSON would hold it and libsql can bind it. */
function bindableReader(path: string): (body: DocumentBody) => SqlValue {
  const read = scalarReader(path);
  return (body) => {
    const value = read(body);
    if (typeof value === 'string') return whole(value);
    if (typeof value === 'boolean') return value ? 1 : 0;
    // JSON knows neither infinities nor a negative zero.
    return Number.isFinite(value) ? (value as number) + 0 : null;
  };
}
