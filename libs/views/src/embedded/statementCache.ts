import type Database from 'libsql';
import type { SqlPart, SqlValue } from './sqlPart.ts';

/** More different statements than the views' code can ask for, unless something builds them without end. */
const LIMIT = 500;

/** Prepared statements of one connection, by their text. */
export class StatementCache {
  private readonly statements = new Map<string, Database.Statement>();

  constructor(private readonly file: Database.Database) {}

  get(text: string): Database.Statement {
    let statement = this.statements.get(text);
    if (statement === undefined) {
      if (this.statements.size >= LIMIT) this.statements.clear();
      statement = this.file.prepare(text);
      this.statements.set(text, statement);
    }
    return statement;
  }

  /** Rows as arrays of columns. */
  rows({ text, values }: SqlPart): SqlValue[][] {
    return this.get(text)
      .raw()
      .all(...values) as SqlValue[][];
  }
}
