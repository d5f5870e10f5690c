import type { Db } from 'mongodb';
import type { DocumentEngine } from './documentEngine.ts';

/** What collections and the control use of their store. */
export interface MongoAccess {
  readonly db: Db;
  readonly engine: DocumentEngine;

  /**
   * Runs one operation: refused once the store is closed, waited for by close, its errors those of the port.
   *
   * @throws ViewStoreError
   */
  run<T>(operation: () => Promise<T>): Promise<T>;
}
