import Database from 'libsql';
import type { KeyOwnerKind } from '@rapport/contracts';
import { KEY_BYTES } from '../keyStore.ts';
import { KeyStoreError } from '../keyStoreError.ts';
import { missingKeyFile } from './keyFile.ts';
import type { GroupAnswer, KeyOperation, KeyOutcome, KeyRow } from './keyOperation.ts';

/** `RPK1`: marks the file as a key file of Rapport. */
const APPLICATION_ID = 0x52504b31;

/**
 * Rows only ever grow at the end and are overwritten in place by zeros of the same length. So no page with key
 * bytes is ever split or merged, which would leave copies of cells in the free space of pages: secure_delete
 * does not reach those.
 */
const SCHEMA = `
  CREATE TABLE keys (
    n INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    generation INTEGER NOT NULL,
    destroyed INTEGER NOT NULL CHECK (destroyed IN (0, 1)),
    key BLOB NOT NULL CHECK (length(key) = ${KEY_BYTES}),
    UNIQUE (tenant, kind, owner, generation)
  );
  CREATE TABLE secrets (
    n INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL,
    name TEXT NOT NULL,
    secret BLOB NOT NULL CHECK (length(secret) = ${KEY_BYTES}),
    UNIQUE (tenant, name)
  );
  PRAGMA user_version = 1;
  PRAGMA application_id = ${APPLICATION_ID};`;

/** In a table of its own, which files from before there was a binding are given when they are opened. */
const BINDING = `
  CREATE TABLE IF NOT EXISTS binding (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    log_id TEXT NOT NULL
  );`;

const SETTINGS: readonly (readonly [pragma: string, value: string, asserted: string | number])[] = [
  ['busy_timeout', '5000', 5000],
  ['journal_mode', 'WAL', 'wal'],
  ['synchronous', 'FULL', 2],
  ['secure_delete', 'ON', 1],
  // Statement journals hold former pages, keys included: never in a temporary file.
  ['temp_store', 'MEMORY', 2],
];

/** The SQL of the key file: one connection of it. */
export class KeyTable {
  private readonly statements;
  /** Committed, but perhaps still in the write-ahead log. */
  private unscrubbed = false;

  private constructor(private readonly db: Database.Database) {
    this.statements = {
      newest: db.prepare(
        'SELECT generation, key, destroyed FROM keys WHERE tenant = ? AND kind = ? AND owner = ? ORDER BY generation DESC LIMIT 1',
      ),
      one: db.prepare(
        'SELECT generation, key, destroyed FROM keys WHERE tenant = ? AND kind = ? AND owner = ? AND generation = ?',
      ),
      insert: db.prepare(
        'INSERT INTO keys (tenant, kind, owner, generation, destroyed, key) VALUES (?, ?, ?, 1, ?, ?)',
      ),
      destroy: db.prepare(
        `UPDATE keys SET key = zeroblob(${KEY_BYTES}), destroyed = 1 WHERE tenant = ? AND kind = ? AND owner = ? AND destroyed = 0`,
      ),
      secret: db.prepare('SELECT secret FROM secrets WHERE tenant = ? AND name = ?'),
      insertSecret: db.prepare('INSERT INTO secrets (tenant, name, secret) VALUES (?, ?, ?)'),
      binding: db.prepare('SELECT log_id FROM binding'),
      bind: db.prepare('INSERT OR IGNORE INTO binding (one, log_id) VALUES (1, ?)'),
      rebind: db.prepare('UPDATE binding SET log_id = ? WHERE log_id = ?'),
    };
  }

  /**
   * @param mayBeEmpty give a file without tables its tables: a new one, or one whose making was cut short
   * @throws KeyStoreError `missing`, `damaged`, and whatever SQLite throws
   */
  static open(path: string, mayBeEmpty: boolean): KeyTable {
    const db = new Database(path);
    try {
      for (const [pragma, value, asserted] of SETTINGS) {
        db.pragma(`${pragma} = ${value}`);
        const actual = pragmaValue(db, pragma);
        if (actual !== asserted) throw new KeyStoreError('unavailable', `${path}: ${pragma} is ${actual}`);
      }
      const empty = db.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').all().length === 0;
      if (empty && !mayBeEmpty) throw missingKeyFile(path);
      if (empty) db.exec(`BEGIN IMMEDIATE; ${SCHEMA} COMMIT;`);
      if (pragmaValue(db, 'application_id') !== APPLICATION_ID || pragmaValue(db, 'quick_check') !== 'ok') {
        throw new KeyStoreError('damaged', `key file ${path} is damaged: restore it from its backup`);
      }
      db.exec(BINDING);
      return new KeyTable(db);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  newestKey(tenant: string, kind: KeyOwnerKind, owner: string): KeyRow | undefined {
    return this.statements.newest.all(tenant, kind, owner)[0] as KeyRow | undefined;
  }

  key(tenant: string, kind: KeyOwnerKind, owner: string, generation: number): KeyRow | undefined {
    return this.statements.one.all(tenant, kind, owner, generation)[0] as KeyRow | undefined;
  }

  /** Id of the log that the file is bound to. */
  boundLog(): string | undefined {
    return (this.statements.binding.all()[0] as { log_id: string } | undefined)?.log_id;
  }

  /** One transaction for all of them, and one fsync. @throws what SQLite throws: nothing was done */
  apply(operations: readonly KeyOperation[]): Exclude<GroupAnswer, { failure: unknown }> {
    const transaction = this.db.transaction(() => operations.map((operation) => this.one(operation)));
    const outcomes = transaction.immediate();
    if (this.unscrubbed) this.scrub();
    return { outcomes, scrubbed: !this.unscrubbed };
  }

  /** Moves the write-ahead log into the file, where destroyed keys are zeros, and cuts it to nothing. */
  scrub(): void {
    this.unscrubbed = true;
    const [row] = this.db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
    this.unscrubbed = row?.busy !== 0;
  }

  close(): void {
    this.db.close();
  }

  private one(operation: KeyOperation): KeyOutcome {
    if (operation.do === 'bind') {
      // Into the file itself: a copy without its write-ahead log is bound too.
      if (this.statements.bind.run(operation.logId).changes > 0) this.unscrubbed = true;
      return this.boundLog();
    }
    if (operation.do === 'rebind') {
      if (this.statements.rebind.run(operation.logId, operation.from).changes > 0) this.unscrubbed = true;
      return this.boundLog();
    }
    const { tenant } = operation;
    if (operation.do === 'secret') {
      const find = () => this.statements.secret.all(tenant, operation.name)[0] as { secret: Uint8Array };
      if (find() === undefined) this.statements.insertSecret.run(tenant, operation.name, operation.secret);
      // libsql hands out an ArrayBuffer.
      return new Uint8Array(find().secret);
    }
    const { kind, owner } = operation;
    if (operation.do === 'destroy') {
      const { changes } = this.statements.destroy.run(tenant, kind, owner);
      if (changes > 0) this.unscrubbed = true;
      else if (this.newestKey(tenant, kind, owner) === undefined) {
        this.statements.insert.run(tenant, kind, owner, 1, Buffer.alloc(KEY_BYTES));
      }
      return undefined;
    }
    const known = this.newestKey(tenant, kind, owner);
    if (known !== undefined) return known;
    this.statements.insert.run(tenant, kind, owner, 0, operation.key);
    return { generation: 1, key: operation.key, destroyed: 0 };
  }
}

function pragmaValue(db: Database.Database, pragma: string): unknown {
  const [row] = db.pragma(pragma) as Record<string, unknown>[];
  return Object.entries(row ?? {}).find(([name]) => name !== '_metadata')?.[1];
}
