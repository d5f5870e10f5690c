import type { ViewStoreFailure } from '../viewStoreError.ts';
import type { SqlPart, SqlValue } from './sqlPart.ts';

/** Flat, because structured cloning of an object per document is what would cost the caller's thread most. */
export interface DocumentsWritten {
  readonly table: string;
  /** SQL names, as of ViewTable. */
  readonly columns: readonly string[];
  readonly documents: number;
  /** Per document: key, index, way of writing (writeDocuments.ts), what stands in the columns, body (null for a tombstone). */
  readonly cells: readonly SqlValue[];
}

/** What the writer is asked to do; everything in one message is one transaction. */
export type WorkerTask =
  | ({ readonly kind: 'write' } & DocumentsWritten)
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
