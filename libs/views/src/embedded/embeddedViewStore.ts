import { CacheBudget } from '@rapport/platform';
import type Database from 'libsql';
import { assertBuilt, assertDefinition, assertNotLive, assertVersion } from '../query/assertQuery.ts';
import { Mutex } from '../runner/mutex.ts';
import { projectionId } from '../viewStore.ts';
import type { ViewCollection, ViewDefinition, ViewStore, ViewVersions } from '../viewStore.ts';
import { ViewStoreError } from '../viewStoreError.ts';
import { EmbeddedCollection } from './embeddedCollection.ts';
import type { EmbeddedAccess } from './embeddedCollection.ts';
import { EmbeddedControl } from './embeddedControl.ts';
import { StatementCache } from './statementCache.ts';
import { openForReading } from './viewFile.ts';
import { tableOf, ViewTable } from './viewTable.ts';
import { WorkerClient } from './workerClient.ts';

/** For a process that opens the store for a moment, without a budget of its own. */
const TOOL_CACHE_BYTES = 64 * 1024 * 1024;

/** Share of the pages' bytes that the connection gets which writes. */
const TO_WRITE = 2 / 3;

/** Connections that share the rest: of this thread, and of the one that walks through tables. */
const READERS = 2;

/** What `views.live` says of a version. */
const LIVE = 1;
const BESIDE = 2;

/**
 * Views in one SQLite file, for one process. The file may be deleted while nothing runs: it is rebuilt from the log.
 */
export class EmbeddedViewStore implements ViewStore, EmbeddedAccess {
  readonly control = new EmbeddedControl(this);
  private closing: Promise<void> | undefined;
  private readonly tables = new Map<string, ViewTable>();
  private readonly opening = new Mutex();

  private constructor(
    readonly writer: WorkerClient,
    readonly walker: WorkerClient,
    private readonly file: Database.Database,
    private readonly statements: StatementCache,
  ) {}

  /**
   * @param path of the file, such as `data/views.sqlite`; its folder exists
   * @param caches where its caches get their bytes; default: little, for tools and tests
   * @throws ViewStoreError `in-use`, `damaged`, `newer`, `read-only`, `full`
   */
  static async open(
    path: string,
    caches = new CacheBudget('projector', TOOL_CACHE_BYTES),
  ): Promise<EmbeddedViewStore> {
    const pageBytes = caches.whole('viewPages');
    const writerBytes = Math.floor(pageBytes * TO_WRITE);
    const readerBytes = Math.floor((pageBytes - writerBytes) / READERS);
    const writer = await WorkerClient.start('viewWorker', { path, pageBytes: writerBytes });
    let walker: WorkerClient | undefined;
    try {
      walker = await WorkerClient.start('viewReader', { path, pageBytes: readerBytes });
      const file = openForReading(path, readerBytes);
      return new EmbeddedViewStore(writer, walker, file, new StatementCache(file, path));
    } catch (error) {
      await walker?.close();
      await writer.close();
      throw error;
    }
  }

  async open(definition: ViewDefinition): Promise<ViewCollection> {
    assertDefinition(definition);
    const table = new ViewTable(definition);
    await this.opening.run(() => this.makeTable(definition, table));
    return new EmbeddedCollection(definition, this);
  }

  table(name: string): ViewTable | undefined {
    return this.tables.get(name);
  }

  async versions(view: string): Promise<ViewVersions> {
    const text = 'SELECT version, live FROM views WHERE name = ? ORDER BY version';
    const rows = this.reader().rows({ text, values: [view] }) as [number, number][];
    const [live, beside] = [LIVE, BESIDE].map((standing) => rows.find(([, is]) => is === standing)?.[0]);
    return { live, ...(beside !== undefined && { beside }), all: rows.map(([version]) => version) };
  }

  async switchTo(view: string, version: number): Promise<void> {
    assertBuilt(view, version, await this.versions(view));
    await this.writer.change({
      text: `UPDATE views SET live = CASE WHEN version = ?1 THEN ${LIVE} WHEN live = ${LIVE} THEN ${BESIDE} ELSE 0 END
             WHERE name = ?2
             AND NOT EXISTS (SELECT 1 FROM views WHERE name = ?2 AND version = ?1 AND live = ${LIVE})`,
      values: [version, view],
    });
  }

  async keepBeside(view: string, version: number): Promise<void> {
    const versions = await this.versions(view);
    assertBuilt(view, version, versions);
    assertNotLive(view, version, versions);
    await this.writer.change({
      text: `UPDATE views SET live = CASE WHEN version = ?1 THEN ${BESIDE} ELSE 0 END WHERE name = ?2 AND live <> ${LIVE}`,
      values: [version, view],
    });
  }

  async drop(view: string, version: number): Promise<void> {
    assertVersion(view, version);
    assertNotLive(view, version, await this.versions(view));
    const id = projectionId({ name: view, version });
    this.tables.delete(tableOf(view, version));
    await this.writer.change(
      { text: 'DELETE FROM checkpoints WHERE projection = ?', values: [id] },
      { text: 'DELETE FROM parked WHERE projection = ?', values: [id] },
      { text: `DROP TABLE IF EXISTS ${tableOf(view, version)}`, values: [] },
      { text: 'DELETE FROM views WHERE name = ? AND version = ?', values: [view, version] },
    );
  }

  close(): Promise<void> {
    this.closing ??= this.finish();
    return this.closing;
  }

  /** The reader's statements. @throws ViewStoreError `closed` */
  reader(): StatementCache {
    if (this.closing !== undefined) throw new ViewStoreError('closed', 'the view store is closed');
    return this.statements;
  }

  private async makeTable({ name, version }: ViewDefinition, table: ViewTable): Promise<void> {
    const names = (text: string): string[] =>
      this.reader()
        .rows({ text, values: [table.name] })
        .map(([found]) => found as string);
    const made = table.statements({
      columns: names('SELECT name FROM pragma_table_info(?)'),
      indexes: names(`SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql NOT NULL`),
    });
    const change = this.writer.change(
      {
        text: 'INSERT INTO views (name, version) VALUES (?, ?) ON CONFLICT DO NOTHING',
        values: [name, version],
      },
      ...made.map((text) => ({ text, values: [] })),
    );
    // From now on: what is written later meets the table as it will be.
    const former = this.tables.get(table.name);
    this.tables.set(table.name, table);
    try {
      await change;
    } catch (error) {
      if (former === undefined) this.tables.delete(table.name);
      else this.tables.set(table.name, former);
      throw error;
    }
  }

  private async finish(): Promise<void> {
    // The writer closes last: who closes last folds the write-ahead log into the file.
    this.file.close();
    await this.walker.close();
    await this.writer.close();
  }
}
