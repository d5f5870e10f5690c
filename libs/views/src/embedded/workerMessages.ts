import type { ViewStoreFailure } from '../viewStoreError.ts';
import type { SqlPart, SqlValue } from './filterSql.ts';

/** What the writer is asked to do; everything in one message is one transaction. */
export type WorkerTask =
  | {
      readonly kind: 'write';
      readonly table: string;
      readonly keys: readonly string[];
      readonly indexes: readonly number[];
      /** JSON, or null for a tombstone. */
      readonly bodies: readonly (string | null)[];
    }
  | { readonly kind: 'change'; readonly statements: readonly SqlPart[] }
  | { readonly kind: 'rows'; readonly statement: SqlPart }
  | { readonly kind: 'close' };

/** write: documents written; change: rows changed by each statement; rows: the rows. */
export type WorkerResult = number | readonly number[] | readonly SqlValue[][] | undefined;

export interface WorkerRequest {
  readonly id: number;
  readonly task: WorkerTask;
}

/** The answer to `id`; id 0 says that the file is open, or why not. */
export interface WorkerResponse {
  readonly id: number;
  readonly result?: WorkerResult;
  readonly error?: { readonly failure: ViewStoreFailure | undefined; readonly message: string };
}
