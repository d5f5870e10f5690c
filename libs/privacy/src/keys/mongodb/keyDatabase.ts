import { inTime } from '@rapport/platform';
import { Binary, MongoClient } from 'mongodb';
import type { Collection } from 'mongodb';
import { KeyStoreError } from '../keyStoreError.ts';
import { mongoKeyError, isDuplicateKey } from './mongoKeyErrors.ts';

/** A key or its tombstone. */
interface StoredKey {
  /** Key id of the owner's first generation: `main/person/0190…/1`. */
  readonly _id: string;
  readonly destroyed: boolean;
  /** Absent once destroyed. */
  readonly wrapped?: Binary;
}

/** A secret, the log that the keys are bound to, or the canary, under its name. */
interface StoredValue {
  readonly _id: string;
  readonly wrapped?: Binary;
  readonly logId?: string;
}

export interface FoundKey {
  /** undefined: destroyed. */
  readonly wrapped: Uint8Array | undefined;
}

/**
 * The key store's database. Everything is an insert that only one can make, but for the one change from key to
 * tombstone, which nothing undoes; so it is right on any server, without transactions. Reads and writes are of the
 * primary and of a majority: what was answered outlives a change of primary.
 */
export class KeyDatabase {
  private readonly keys: Collection<StoredKey>;
  private readonly values: Collection<StoredValue>;
  private readonly underway = new Set<Promise<unknown>>();
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly client: MongoClient,
    /** `MongoDB at 10.0.0.1:27017, database rapport-keys` */
    readonly where: string,
    private readonly timeout: number,
    database: string,
  ) {
    const db = client.db(database);
    this.keys = db.collection('keys');
    this.values = db.collection('values');
  }

  /** Connects with the first question. @throws KeyStoreError where the URL is none */
  static at(url: string, database: string | undefined, timeout: number): KeyDatabase {
    try {
      const client = new MongoClient(url, {
        appName: 'rapport-keys',
        serverSelectionTimeoutMS: timeout,
        connectTimeoutMS: timeout,
        waitQueueTimeoutMS: timeout,
        // What a peak has opened is given back: every connection costs the server, and there are many processes.
        maxIdleTimeMS: 60_000,
        heartbeatFrequencyMS: 2_000,
        readPreference: 'primary',
        readConcern: { level: 'majority' },
        writeConcern: { w: 'majority', journal: true, wtimeoutMS: timeout },
        retryWrites: true,
        retryReads: true,
      });
      const named = new URL(url.replace(/^mongodb(\+srv)?:\/\/[^/?]*/, 'http://host')).pathname.slice(1);
      const name = database ?? (named === '' ? 'rapport-keys' : decodeURIComponent(named));
      const where = `MongoDB at ${client.options.hosts.join(',')}, database ${name}`;
      return new KeyDatabase(client, where, timeout, name);
    } catch (error) {
      throw mongoKeyError(error, 'RAPPORT_KEYS');
    }
  }

  get closed(): boolean {
    return this.closing !== undefined;
  }

  key(id: string): Promise<FoundKey | undefined> {
    return this.run(async () => {
      const found = await this.keys.findOne({ _id: id });
      if (found === null) return undefined;
      return { wrapped: found.destroyed ? undefined : found.wrapped!.buffer };
    });
  }

  /**
   * Inserts a key where there is neither one nor a tombstone.
   *
   * @param wrap makes it, where it is needed
   * @returns what stands there now
   */
  createKey(id: string, wrap: () => Uint8Array): Promise<FoundKey> {
    return this.run(async () => {
      const found = (): Promise<StoredKey | null> => this.keys.findOne({ _id: id });
      let stored = await found();
      if (stored === null) {
        const wrapped = wrap();
        const document = { _id: id, destroyed: false, wrapped: new Binary(wrapped) };
        if (await inserted(this.keys.insertOne(document))) return { wrapped };
        stored = await found();
      }
      return { wrapped: stored?.destroyed === false ? stored.wrapped!.buffer : undefined };
    });
  }

  destroyKey(id: string): Promise<void> {
    return this.run(async () => {
      if (await inserted(this.keys.insertOne({ _id: id, destroyed: true }))) return;
      await this.keys.updateOne({ _id: id }, { $set: { destroyed: true }, $unset: { wrapped: '' } });
    });
  }

  /** @returns the wrapped value that stands under the name now */
  insertWrapped(name: string, wrapped: Uint8Array): Promise<Uint8Array> {
    return this.run(async () => {
      const value = await this.values.findOne({ _id: name });
      if (value !== null) return value.wrapped!.buffer;
      if (await inserted(this.values.insertOne({ _id: name, wrapped: new Binary(wrapped) }))) return wrapped;
      return (await this.values.findOne({ _id: name }))!.wrapped!.buffer;
    });
  }

  wrapped(name: string): Promise<Uint8Array | undefined> {
    return this.run(async () => (await this.values.findOne({ _id: name }))?.wrapped?.buffer);
  }

  /** @returns the id of the log that the keys are bound to now */
  bind(logId: string): Promise<string> {
    return this.run(async () => {
      if (await inserted(this.values.insertOne({ _id: 'log', logId }))) return logId;
      return (await this.values.findOne({ _id: 'log' }))!.logId!;
    });
  }

  /** @returns the id of the log that the keys are bound to now; undefined where to none */
  rebind(from: string, logId: string): Promise<string | undefined> {
    return this.run(async () => {
      await this.values.updateOne({ _id: 'log', logId: from }, { $set: { logId } });
      return (await this.values.findOne({ _id: 'log' }))?.logId;
    });
  }

  boundLog(): Promise<string | undefined> {
    return this.run(async () => (await this.values.findOne({ _id: 'log' }))?.logId);
  }

  /** Finishes what was asked. */
  close(): Promise<void> {
    this.closing ??= Promise.allSettled(this.underway).then(() => this.client.close());
    return this.closing;
  }

  /** @throws KeyStoreError; `unavailable` also where there is no answer in time: what was asked may still happen */
  private async run<T>(operation: () => Promise<T>): Promise<T> {
    if (this.closing !== undefined) throw new KeyStoreError('closed', 'the key store is closed');
    const message = `${this.where} does not answer within ${this.timeout} ms: start it, or correct RAPPORT_KEYS`;
    const running = inTime(operation(), this.timeout, () => new KeyStoreError('unavailable', message));
    this.underway.add(running);
    try {
      return await running;
    } catch (error) {
      throw mongoKeyError(error, this.where);
    } finally {
      this.underway.delete(running);
    }
  }
}

/** @returns false where the key stands there already */
async function inserted(insertion: Promise<unknown>): Promise<boolean> {
  try {
    await insertion;
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}
