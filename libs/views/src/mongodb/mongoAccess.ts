import type { Db } from 'mongodb';
import type { DocumentEngine } from './documentEngine.ts';

/** How long to wait: for what touches a page or a batch, or for what may walk through a whole collection. */
export type Patience = 'page' | 'collection';

/** What collections and the control use of their store. */
export interface MongoAccess {
  readonly db: Db;
  readonly engine: DocumentEngine;

  /**
   * Runs one operation: refused once the store is closed, waited for by close, its errors those of the port. One that
   * is given up may still arrive at the server; the index guard and the epoch are there for that.
   *
   * @throws ViewStoreError
   */
  run<T>(operation: () => Promise<T>, patience?: Patience): Promise<T>;
}
