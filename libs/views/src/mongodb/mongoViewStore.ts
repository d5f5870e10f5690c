import { MongoClient } from 'mongodb';
import type { Collection, Db } from 'mongodb';
import { assertBuilt, assertDefinition, assertNotLive, assertVersion } from '../query/assertQuery.ts';
import { projectionId } from '../viewStore.ts';
import type { ViewCollection, ViewDefinition, ViewStore, ViewVersions } from '../viewStore.ts';
import { ViewStoreError } from '../viewStoreError.ts';
import type { DocumentEngine } from './documentEngine.ts';
import { FerretEngine } from './ferretEngine.ts';
import type { MongoAccess, Patience } from './mongoAccess.ts';
import { MongoCollection } from './mongoCollection.ts';
import { mongodEngine } from './mongodEngine.ts';
import { MongoControl } from './mongoControl.ts';
import { isAbsentCollection, isDuplicateKey, viewStoreError } from './mongoViewErrors.ts';
import { withinTime } from './withinTime.ts';
import { upserted } from './upserted.ts';

export interface MongoViewStoreOptions {
  /** `mongodb://…` or `mongodb+srv://…`, with user and password where there are some. */
  readonly url: string;
  /** Default: the one that the URL names, else `rapport-views`. Nobody else writes to it. */
  readonly database?: string;
  /** The longest that a call may take, retries of the driver included, in ms; default 5,000: a lease rests on it. */
  readonly timeout?: number;
  /** The same for what may walk through a whole view: counts, aggregates, indexes, sweeps; default 600,000. */
  readonly longTimeout?: number;
}

const DEFAULT_DATABASE = 'rapport-views';

/**
 * Views in a database of MongoDB, for any number of processes. The database may be dropped while nothing runs: it is
 * rebuilt from the log. It is read and written at the primary only, and a write is answered when a majority has it on
 * disk, so that what a checkpoint speaks of outlives a change of primary.
 */
export class MongoViewStore implements ViewStore, MongoAccess {
  readonly control: MongoControl;
  private readonly registry: Collection<{ _id: string; name: string; version: number }>;
  private readonly live: Collection<{ _id: string; version: number; beside?: number }>;
  private readonly patience: Readonly<Record<Patience, number>>;
  private readonly underway = new Set<Promise<unknown>>();
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly client: MongoClient,
    readonly db: Db,
    readonly engine: DocumentEngine,
    private readonly where: string,
    { timeout = 5_000, longTimeout = 600_000 }: MongoViewStoreOptions,
  ) {
    this.patience = { page: timeout, collection: longTimeout };
    this.control = new MongoControl(this);
    this.registry = db.collection('views');
    this.live = db.collection('live');
  }

  /** @throws ViewStoreError `unavailable` where nothing answers in time, `invalid` where it refuses */
  static async open(options: MongoViewStoreOptions): Promise<MongoViewStore> {
    const { url, database, timeout = 5_000 } = options;
    let where = 'MongoDB';
    let client: MongoClient | undefined;
    try {
      client = new MongoClient(url, {
        appName: 'rapport-views',
        serverSelectionTimeoutMS: timeout,
        connectTimeoutMS: timeout,
        waitQueueTimeoutMS: timeout,
        // What a peak has opened is given back: every connection costs the server, and there are many processes.
        maxIdleTimeMS: 60_000,
        // A frozen server is found by its heartbeats: they drop its connections.
        heartbeatFrequencyMS: 2_000,
        readPreference: 'primary',
        writeConcern: { w: 'majority', journal: true, wtimeoutMS: timeout },
        retryWrites: true,
        retryReads: true,
        ignoreUndefined: true,
      });
      const named = new URL(url.replace(/^mongodb(\+srv)?:\/\/[^/?]*/, 'http://host')).pathname.slice(1);
      const name = database ?? (named === '' ? DEFAULT_DATABASE : decodeURIComponent(named));
      where = `MongoDB at ${client.options.hosts.join(',')}, database ${name}`;
      const db = client.db(name);
      const engine = await withinTime(engineOf(db), timeout);
      const store = new MongoViewStore(client, db, engine, where, options);
      await store.run(() => store.control.prepare());
      await store.run(() => store.registry.createIndex({ name: 1, version: 1 }));
      return store;
    } catch (error) {
      await client?.close();
      throw viewStoreError(error, where);
    }
  }

  open(definition: ViewDefinition): Promise<ViewCollection> {
    return this.run(async () => {
      assertDefinition(definition);
      const { name, version } = definition;
      await this.engine.prepare(this.db.collection(collectionName(name, version)), definition);
      try {
        await this.registry.insertOne({ _id: projectionId(definition), name, version });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      return new MongoCollection(definition, collectionName(name, version), this);
    }, 'collection');
  }

  versions(view: string): Promise<ViewVersions> {
    return this.run(async () => {
      const known = await this.registry.find({ name: view }, { sort: { version: 1 } }).toArray();
      const live = await this.live.findOne({ _id: view });
      const all = known.map(({ version }) => version);
      const beside = all.find((version) => version === live?.beside);
      return { live: live?.version, ...(beside !== undefined && { beside }), all };
    });
  }

  async switchTo(view: string, version: number): Promise<void> {
    const versions = await this.versions(view);
    assertBuilt(view, version, versions);
    const { live } = versions;
    if (live === version) return;
    // Both in one document: whoever looks finds the former one beside the new one.
    const standing = { version, ...(live !== undefined && { beside: live }) };
    await this.run(() =>
      upserted(() => this.live.updateOne({ _id: view }, { $set: standing }, { upsert: true })),
    );
  }

  async keepBeside(view: string, version: number): Promise<void> {
    const versions = await this.versions(view);
    assertBuilt(view, version, versions);
    assertNotLive(view, version, versions);
    await this.run(() =>
      upserted(() => this.live.updateOne({ _id: view }, { $set: { beside: version } }, { upsert: true })),
    );
  }

  async drop(view: string, version: number): Promise<void> {
    assertVersion(view, version);
    assertNotLive(view, version, await this.versions(view));
    await this.run(async () => {
      const id = projectionId({ name: view, version });
      await this.control.forget(id);
      await this.db.dropCollection(collectionName(view, version)).catch(ignoreAbsent);
      this.engine.forget?.(collectionName(view, version));
      await this.registry.deleteOne({ _id: id });
    }, 'collection');
  }

  close(): Promise<void> {
    this.closing ??= this.finish();
    return this.closing;
  }

  async run<T>(operation: () => Promise<T>, patience: Patience = 'page'): Promise<T> {
    if (this.closing !== undefined) throw new ViewStoreError('closed', 'the view store is closed');
    const running = withinTime(operation(), this.patience[patience]);
    this.underway.add(running);
    try {
      return await running;
    } catch (error) {
      throw viewStoreError(error, this.where);
    } finally {
      this.underway.delete(running);
    }
  }

  private async finish(): Promise<void> {
    await Promise.allSettled(this.underway);
    await this.client.close();
  }
}

async function engineOf(db: Db): Promise<DocumentEngine> {
  const build = await db.admin().command({ buildInfo: 1 });
  return 'ferretdbVersion' in build ? new FerretEngine() : mongodEngine;
}

function collectionName(view: string, version: number): string {
  return `view.${view}.${version}`;
}

function ignoreAbsent(error: unknown): void {
  if (!isAbsentCollection(error)) throw error;
}
