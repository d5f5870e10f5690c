import { createSecretKey } from 'node:crypto';
import { systemRandom, type Random } from '@rapport/platform';
import { formatKid, parseKid, type KeyOwner } from '../keyOwner.ts';
import {
  KEY_BYTES,
  type AbsentKey,
  type KeyAnswer,
  type KeyStore,
  type SecretName,
  type UnavailableKey,
} from '../keyStore.ts';
import { foreignKeys, KeyStoreError } from '../keyStoreError.ts';
import { KeyDatabase, type FoundKey } from './keyDatabase.ts';
import { MasterKey } from './masterKey.ts';

export interface MongoKeyStoreOptions {
  /** `mongodb://…` or `mongodb+srv://…`; a database of its own, which its own user alone may read. */
  readonly url: string;
  /** Default: the one that the URL names, else `rapport-keys`. */
  readonly database?: string;
  /** 32 bytes that never stand in the database. */
  readonly masterKey: Uint8Array;
  /** The log has events: an empty key database would make all that is sealed in it unreadable. */
  readonly mustExist: boolean;
  /** How long a question may take before its key is `unavailable`, in ms; default 5,000. */
  readonly timeout?: number;
  readonly random?: Random;
}

const CANARY = 'canary';

/**
 * Keys in a database of MongoDB, each wrapped by a master key with its key id as authenticated data. A destroyed key is
 * a tombstone at once; what an oplog, a journal or a backup still holds of it is wrapped (docs/operations.md).
 */
export class MongoKeyStore implements KeyStore {
  private readonly creating = new Map<string, Promise<KeyAnswer>>();
  private readonly secrets = new Map<string, Promise<Uint8Array>>();

  private constructor(
    private readonly database: KeyDatabase,
    private readonly master: MasterKey,
    private readonly random: Random,
  ) {}

  /**
   * @throws KeyStoreError `unavailable` where nothing answers in time, `missing` where the database is empty and must
   * not be, `foreign` where another master key wrapped what is in it, `insecure` where the master key is none
   */
  static async open(options: MongoKeyStoreOptions): Promise<MongoKeyStore> {
    const { url, masterKey, mustExist, timeout = 5_000, random = systemRandom } = options;
    const master = new MasterKey(masterKey, random);
    const database = KeyDatabase.at(url, options.database, timeout);
    try {
      const known = await database.wrapped(CANARY);
      if (known === undefined && mustExist) {
        throw new KeyStoreError(
          'missing',
          `${database.where} holds no keys, but the log has events: restore it from its backup, or correct RAPPORT_KEYS`,
        );
      }
      const fresh = master.wrap(CANARY, random.bytes(KEY_BYTES));
      if (master.unwrap(CANARY, known ?? (await database.insertWrapped(CANARY, fresh))) === undefined) {
        throw new KeyStoreError(
          'foreign',
          `the master key is not the one that wrapped the keys in ${database.where}: mount the right one (RAPPORT_MASTER_KEY_FILE). Nothing was changed`,
        );
      }
      return new MongoKeyStore(database, master, random);
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  async keyFor(owner: KeyOwner, tenant: string): Promise<KeyAnswer | AbsentKey> {
    const kid = formatKid(tenant, owner, 1);
    return this.answered(async () => {
      const found = await this.database.key(kid);
      return found === undefined ? { status: 'absent' } : this.usable(kid, found);
    });
  }

  async create(owner: KeyOwner, tenant: string): Promise<KeyAnswer> {
    const kid = formatKid(tenant, owner, 1);
    const underway = this.creating.get(kid);
    if (underway !== undefined) return underway;
    const created = this.answered(async () => {
      const wrap = (): Buffer => this.master.wrap(kid, this.random.bytes(KEY_BYTES));
      return this.usable(kid, await this.database.createKey(kid, wrap));
    }).finally(() => this.creating.delete(kid));
    this.creating.set(kid, created);
    return created;
  }

  async byKid(kid: string): Promise<KeyAnswer> {
    const id = parseKid(kid);
    if (id === undefined) return unavailable('a key id is malformed');
    const first = formatKid(id.tenant, id.owner, 1);
    return this.answered(async () => {
      const found = await this.database.key(first);
      if (found?.wrapped === undefined && found !== undefined) return { status: 'destroyed' };
      if (found !== undefined && id.generation === 1) return this.usable(first, found);
      return unavailable(
        `${this.database.where} lacks a key that the log names: it is older than the log, restore a newer one`,
      );
    });
  }

  async destroy(owner: KeyOwner, tenant: string): Promise<void> {
    await this.database.destroyKey(formatKid(tenant, owner, 1));
  }

  async secret(name: SecretName, tenant: string): Promise<Uint8Array> {
    if (this.database.closed) throw new KeyStoreError('closed', 'the key store is closed');
    const place = `secret/${tenant}/${name}`;
    const known = this.secrets.get(place);
    if (known !== undefined) return known;
    const made = this.makeSecret(place);
    this.secrets.set(place, made);
    made.catch(() => this.secrets.delete(place));
    return made;
  }

  async bindTo(logId: string): Promise<void> {
    if ((await this.database.bind(logId)) !== logId) throw foreignKeys(this.database.where);
  }

  async rebind(from: string, logId: string): Promise<void> {
    if ((await this.database.rebind(from, logId)) !== logId) throw foreignKeys(this.database.where);
  }

  boundLog(): Promise<string | undefined> {
    return this.database.boundLog();
  }

  close(): Promise<void> {
    return this.database.close();
  }

  private async makeSecret(place: string): Promise<Uint8Array> {
    const fresh = this.master.wrap(place, this.random.bytes(KEY_BYTES));
    return this.unwrapped(place, await this.database.insertWrapped(place, fresh));
  }

  private usable(kid: string, { wrapped }: FoundKey): KeyAnswer {
    if (wrapped === undefined) return { status: 'destroyed' };
    return { status: 'key', kid, key: createSecretKey(this.unwrapped(kid, wrapped)) };
  }

  private unwrapped(name: string, wrapped: Uint8Array): Buffer {
    const bytes = this.master.unwrap(name, wrapped);
    if (bytes?.length === KEY_BYTES) return bytes;
    throw new KeyStoreError(
      'damaged',
      `${this.database.where} holds a key that its master key did not wrap: restore the database from its backup`,
    );
  }

  /** A failure to answer is an answer. */
  private async answered<A extends KeyAnswer | AbsentKey>(
    ask: () => Promise<A>,
  ): Promise<A | UnavailableKey> {
    try {
      return await ask();
    } catch (error) {
      return { status: 'unavailable', cause: error as KeyStoreError };
    }
  }
}

function unavailable(message: string): UnavailableKey {
  return { status: 'unavailable', cause: new KeyStoreError('unavailable', message) };
}
