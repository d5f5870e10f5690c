import type Database from 'libsql';
import type { SqlPart, SqlValue } from './sqlPart.ts';
import { guarded } from './viewFile.ts';

/** More different statements than the views' code can ask for, unless something builds them without end. */
const LIMIT = 500;

/** Prepared statements of one connection, by their text. */
export class StatementCache {
  private readonly statements = new Map<string, Database.Statement>();

  constructor(
    private readonly file: Database.Database,
    private readonly path: string,
  ) {}

  get(text: string): Database.Statement {
    let statement = this.statements.get(text);
    if (statement === undefined) {
      if (this.statements.size >= LIMIT) this.statements.clear();
      statement = this.file.prepare(text);
      this.statements.set(text, statement);
    }
    return statement;
  }

  /** Rows as arrays of columns. @throws ViewStoreError */
  rows({ text, values }: SqlPart): SqlValue[][] {
    return guarded(
      this.path,
      () =>
        this.get(text)
          .raw()
          .all(...values) as SqlValue[][],
    );
  }
}
