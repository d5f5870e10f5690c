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
import { keyFileError, prepareKeyFile } from './keyFile.ts';
import type { KeyRow } from './keyOperation.ts';
import { KeyTable } from './keyTable.ts';
import { KeyWriter } from './keyWriter.ts';

export interface EmbeddedKeyStoreOptions {
  /** The data folder; it exists. */
  readonly directory: string;
  /** The log has events: a new key file would make all that is sealed in it unreadable. */
  readonly mustExist: boolean;
  readonly random?: Random;
}

/**
 * Keys in `keys.sqlite`, readable by its owner only. Reads are answered at once from this thread's connection;
 * writes are grouped in a thread of their own.
 */
export class EmbeddedKeyStore implements KeyStore {
  /** Creations and secrets on their way, so that one owner is asked for once. */
  private readonly creating = new Map<string, Promise<KeyAnswer>>();
  private readonly secrets = new Map<string, Promise<Uint8Array>>();
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly path: string,
    private readonly table: KeyTable,
    private readonly writer: KeyWriter,
    private readonly random: Random,
  ) {}

  /** @throws KeyStoreError `missing`, `insecure`, `damaged`, `read-only`, `full`, `unavailable` */
  static async open(options: EmbeddedKeyStoreOptions): Promise<EmbeddedKeyStore> {
    const path = prepareKeyFile(options.directory, options.mustExist);
    try {
      const table = KeyTable.open(path, !options.mustExist);
      // A crash between destroying a key and cutting the log leaves its bytes there.
      table.scrub();
      return new EmbeddedKeyStore(path, table, new KeyWriter(path), options.random ?? systemRandom);
    } catch (cause) {
      throw keyFileError(path, cause);
    }
  }

  keyFor(owner: KeyOwner, tenant: string): KeyAnswer | AbsentKey {
    return this.read(() => {
      const row = this.table.newestKey(tenant, owner.kind, owner.id);
      return row === undefined ? { status: 'absent' } : usable(row, owner, tenant);
    });
  }

  async create(owner: KeyOwner, tenant: string): Promise<KeyAnswer> {
    const known = this.keyFor(owner, tenant);
    if (known.status !== 'absent') return known;
    const place = formatKid(tenant, owner, 1);
    const underway = this.creating.get(place);
    if (underway !== undefined) return underway;
    const created = this.write(owner, tenant).finally(() => this.creating.delete(place));
    this.creating.set(place, created);
    return created;
  }

  byKid(kid: string): KeyAnswer {
    const id = parseKid(kid);
    if (id === undefined) return unavailable('a key id is malformed');
    const { tenant, owner, generation } = id;
    return this.read(() => {
      const row =
        this.table.key(tenant, owner.kind, owner.id, generation) ??
        this.table.newestKey(tenant, owner.kind, owner.id);
      if (row?.destroyed === 1 || row?.generation === generation) return usable(row, owner, tenant);
      return unavailable(
        `key file ${this.path} lacks a key that the log names: it is older than the log, restore a newer one`,
      );
    });
  }

  async destroy(owner: KeyOwner, tenant: string): Promise<void> {
    this.refuseClosed();
    formatKid(tenant, owner, 1);
    await this.writer.write({ do: 'destroy', tenant, kind: owner.kind, owner: owner.id });
  }

  async secret(name: SecretName, tenant: string): Promise<Uint8Array> {
    this.refuseClosed();
    const place = `${tenant}/${name}`;
    const known = this.secrets.get(place);
    if (known !== undefined) return known;
    const secret = this.random.bytes(KEY_BYTES);
    const made = this.writer.write({ do: 'secret', tenant, name, secret }) as Promise<Uint8Array>;
    this.secrets.set(place, made);
    made.catch(() => this.secrets.delete(place));
    return made;
  }

  async bindTo(logId: string): Promise<void> {
    this.refuseClosed();
    const bound = await this.writer.write({ do: 'bind', logId });
    if (bound !== logId) throw foreignKeys(`key file ${this.path}`);
  }

  async rebind(from: string, logId: string): Promise<void> {
    this.refuseClosed();
    const bound = await this.writer.write({ do: 'rebind', from, logId });
    if (bound !== logId) throw foreignKeys(`key file ${this.path}`);
  }

  async boundLog(): Promise<string | undefined> {
    this.refuseClosed();
    try {
      return this.table.boundLog();
    } catch (cause) {
      throw keyFileError(this.path, cause);
    }
  }

  close(): Promise<void> {
    this.closing ??= this.writer.close().finally(() => this.table.close());
    return this.closing;
  }

  private async write(owner: KeyOwner, tenant: string): Promise<KeyAnswer> {
    const key = this.random.bytes(KEY_BYTES);
    try {
      const row = await this.writer.write({ do: 'create', tenant, kind: owner.kind, owner: owner.id, key });
      return usable(row as KeyRow, owner, tenant);
    } catch (error) {
      return { status: 'unavailable', cause: error as KeyStoreError };
    }
  }

  private read<A extends KeyAnswer | AbsentKey>(ask: () => A): A | UnavailableKey {
    if (this.closing !== undefined) return { status: 'unavailable', cause: closed() };
    try {
      return ask();
    } catch (cause) {
      return { status: 'unavailable', cause: keyFileError(this.path, cause) };
    }
  }

  private refuseClosed(): void {
    if (this.closing !== undefined) throw closed();
  }
}

function usable(row: KeyRow, owner: KeyOwner, tenant: string): KeyAnswer {
  if (row.destroyed === 1) return { status: 'destroyed' };
  return { status: 'key', kid: formatKid(tenant, owner, row.generation), key: createSecretKey(row.key) };
}

function closed(): KeyStoreError {
  return new KeyStoreError('closed', 'the key store is closed');
}

function unavailable(message: string): UnavailableKey {
  return { status: 'unavailable', cause: new KeyStoreError('unavailable', message) };
}
