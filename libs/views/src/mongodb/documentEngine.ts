import type { Collection } from 'mongodb';
import type { AggregateQuery, AggregateRow, DocumentWrite, ViewDefinition } from '../viewStore.ts';
import type { StoredDocument } from './storedDocument.ts';

export type Documents = Collection<StoredDocument>;

/** What MongoDB does in the server and FerretDB, which lacks it, in the client. */
export interface DocumentEngine {
  /** Makes the indexes that a version declares, and drops what it declared before. */
  prepare(documents: Documents, definition: ViewDefinition): Promise<void>;

  load(documents: Documents, keys: readonly string[]): Promise<StoredDocument[]>;

  /** Writes each document whose stored index is lower, or which is absent. @returns documents written */
  write(documents: Documents, writes: readonly DocumentWrite[]): Promise<number>;

  aggregate(documents: Documents, query: AggregateQuery): Promise<AggregateRow[]>;

  /** A collection was emptied or dropped: what is remembered of it is not so any more. */
  forget?(name: string): void;
}
