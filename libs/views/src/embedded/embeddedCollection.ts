import { documentText } from '../documents/documentText.ts';
import { assertAggregate, assertFilter, assertQuery } from '../query/assertQuery.ts';
import { cursorOf } from '../query/cursorOf.ts';
import type {
  AggregateQuery,
  AggregateRow,
  DocumentBody,
  DocumentWrite,
  ViewCollection,
  ViewDefinition,
  ViewDocument,
  ViewFilter,
  ViewPage,
  ViewQuery,
  WriteReport,
} from '../viewStore.ts';
import { aggregateRows, aggregateSql } from './aggregateSql.ts';
import { filterSql } from './filterSql.ts';
import type { SqlValue } from './sqlPart.ts';
import { findSql } from './findSql.ts';
import { ANY, REFOLDED, REPLACES } from './writeDocuments.ts';
import type { StatementCache } from './statementCache.ts';
import { ViewTable } from './viewTable.ts';
import type { WorkerClient } from './workerClient.ts';

type Stored = ViewDocument<DocumentBody | null>;
type Live = ViewDocument<DocumentBody>;

/** What a collection uses of its store. `reader` throws `closed` once the store is. */
export interface EmbeddedAccess {
  reader(): StatementCache;
  readonly writer: WorkerClient;
  /** Reads what may take long, in a thread and on a connection of its own. */
  readonly walker: WorkerClient;
  /** The version's table as its last definition made it; undefined where none was opened. */
  table(name: string): ViewTable | undefined;
}

const SCAN_PAGE = 500;

/**
 * One version of a view as a table. What is read by key, or by a page that an index gives, is read on the caller's
 * thread (8 µs a document, 50 µs through another); what may walk through the whole table is read by a thread of its own,
 * so that it holds up neither the caller nor the writer. A resolved write is committed, so each later read of any
 * connection sees it.
 */
export class EmbeddedCollection implements ViewCollection {
  private readonly own: ViewTable;

  constructor(
    readonly definition: ViewDefinition,
    private readonly access: EmbeddedAccess,
  ) {
    this.own = new ViewTable(definition);
  }

  /** Shared with whoever opened the version with other indexes: the columns are what they are. */
  private get table(): ViewTable {
    return this.access.table(this.own.name) ?? this.own;
  }

  async load(keys: readonly string[]): Promise<ReadonlyMap<string, Stored>> {
    const text = `SELECT key, idx, body FROM ${this.own.name} WHERE key IN (SELECT value FROM json_each(?))`;
    const rows = this.access.reader().rows({ text, values: [JSON.stringify(keys)] });
    return new Map(rows.map((row) => [row[0] as string, stored(row)]));
  }

  async write(documents: readonly DocumentWrite[]): Promise<WriteReport> {
    this.access.reader();
    if (documents.length === 0) return { written: 0, fenced: 0 };
    const { table } = this;
    const cells: SqlValue[] = [];
    for (const document of documents) {
      const { key, index, body } = document;
      const text = body === null ? null : documentText(body);
      cells.push(key, index, wayOf(document), ...table.cells(body), text);
    }
    const written = await this.access.writer.write({
      table: table.name,
      columns: table.columns,
      documents: documents.length,
      cells,
    });
    return { written, fenced: documents.length - written };
  }

  async get(key: string): Promise<Live | undefined> {
    const text = `SELECT key, idx, body FROM ${this.own.name} WHERE key = ? AND gone = 0`;
    const [row] = this.access.reader().rows({ text, values: [key] });
    return row === undefined ? undefined : (stored(row) as Live);
  }

  async find(query: ViewQuery): Promise<ViewPage<DocumentBody>> {
    const reader = this.access.reader();
    assertQuery(query);
    const { table } = this;
    const direct = table.isCovered(query);
    const documents: Live[] = [];
    for (const { text, values } of findSql(table, query)) {
      const missing = query.limit + 1 - documents.length;
      if (missing <= 0) break;
      const asked = [...values, missing];
      const rows = direct
        ? reader.rows({ text, values: asked })
        : await this.access.walker.rows(text, ...asked);
      documents.push(...rows.map(live));
    }
    if (documents.length <= query.limit) return { documents };
    documents.length = query.limit;
    return { documents, next: cursorOf(documents.at(-1)!, query.sort) };
  }

  async count(filter: ViewFilter = {}): Promise<number> {
    this.access.reader();
    assertFilter(filter);
    const where = filterSql(filter, this.table.fieldSql);
    const sql = `SELECT count(*) FROM ${this.own.name} WHERE ${where.text}`;
    const [row] = await this.access.walker.rows(sql, ...where.values);
    return row![0] as number;
  }

  async aggregate(query: AggregateQuery): Promise<readonly AggregateRow[]> {
    this.access.reader();
    assertAggregate(query);
    const { text, values } = aggregateSql(this.table, query);
    return aggregateRows(await this.access.walker.rows(text, ...values), query);
  }

  async *scan(): AsyncIterable<Live> {
    const text = `SELECT key, idx, body FROM ${this.own.name} WHERE gone = 0 AND key > ? ORDER BY key LIMIT ?`;
    for (let after = ''; ;) {
      const rows = this.access.reader().rows({ text, values: [after, SCAN_PAGE] });
      yield* rows.map(live);
      if (rows.length < SCAN_PAGE) return;
      after = rows.at(-1)![0] as string;
    }
  }

  async sweep(index: number): Promise<number> {
    this.access.reader();
    const text = `DELETE FROM ${this.own.name} WHERE gone = 1 AND idx <= ?`;
    const [swept] = await this.access.writer.change({ text, values: [index] });
    return swept!;
  }

  async clear(assertHeld?: () => void): Promise<void> {
    this.access.reader();
    assertHeld?.();
    await this.access.writer.change({ text: `DELETE FROM ${this.own.name}`, values: [] });
  }
}

function wayOf({ replaces = false, refolded = false }: DocumentWrite): number {
  if (refolded) return REFOLDED;
  return replaces ? REPLACES : ANY;
}

function stored([key, index, body]: readonly SqlValue[]): Stored {
  return {
    key: key as string,
    index: index as number,
    body: body === null ? null : JSON.parse(body as string),
  };
}

function live(row: readonly SqlValue[]): Live {
  return stored(row) as Live;
}
