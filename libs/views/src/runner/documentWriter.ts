import type { ViewCollection } from '../viewStore.ts';
import { ViewStoreError } from '../viewStoreError.ts';
import type { FoldedDocument } from './documentCache.ts';
import { Fenced } from './fenced.ts';
import type { Lease } from './lease.ts';

export interface DocumentWriterParts {
  /** Of the projection. */
  readonly id: string;
  readonly collection: ViewCollection;
  readonly lease: Lease;
}

/** Failures of a write that may be the fault of one document in it. `refused` surely is. */
const SUSPECT: ReadonlySet<string> = new Set(['refused', 'invalid', 'unexpected']);

/** Shows that the store takes writes into this collection. No projection can name a document so. */
const PROBE = 'stream:probe';

/** Why the store does not keep a document, by key. */
export type Refusals = ReadonlyMap<string, unknown>;

/** Writes documents under the owner's lease. One that the store refuses keeps none of the others from being written. */
export class DocumentWriter {
  constructor(private readonly parts: DocumentWriterParts) {}

  /**
   * @param refolded whether they were folded anew from the log
   * @throws Fenced, or why the store takes nothing
   */
  async write(documents: readonly FoldedDocument[], refolded = false): Promise<Refusals> {
    if (documents.length === 0) return new Map();
    const failure = await this.attempt(documents, refolded);
    if (failure === undefined) return new Map();
    const refused = new Map<string, unknown>();
    await this.writeApart(documents, failure.error, refused);
    return refused;
  }

  /**
   * Halves what failed until each document that is refused stands alone. A store that does not say whose fault it is has
   * to take another write before, and to refuse the document again after it: then it is the document's.
   */
  private async writeApart(
    documents: readonly FoldedDocument[],
    error: unknown,
    refused: Map<string, unknown>,
  ): Promise<void> {
    if (documents.length > 1) {
      const middle = Math.ceil(documents.length / 2);
      for (const half of [documents.slice(0, middle), documents.slice(middle)]) {
        const failure = await this.attemptAgain(half);
        if (failure !== undefined) await this.writeApart(half, failure.error, refused);
      }
      return;
    }
    const [document] = documents as [FoldedDocument];
    if (error instanceof ViewStoreError && error.failure === 'refused') {
      refused.set(document.key, error);
      return;
    }
    this.parts.lease.assertHeld();
    await this.parts.collection.write([{ key: PROBE, index: 0, body: null, refolded: true }]);
    const failure = await this.attemptAgain(documents);
    if (failure !== undefined) refused.set(document.key, failure.error);
  }

  /** Some may have been written by the attempt that failed: those are met with their own index. */
  private attemptAgain(documents: readonly FoldedDocument[]): Promise<{ error: unknown } | undefined> {
    return this.attempt(documents, true);
  }

  /** @returns a failure that one of the documents may be to blame for */
  private async attempt(
    documents: readonly FoldedDocument[],
    refolded: boolean,
  ): Promise<{ error: unknown } | undefined> {
    const { id, collection, lease } = this.parts;
    lease.assertHeld();
    const writes = documents.map(({ key, index, body, stored: replaces }) => ({
      key,
      index,
      body,
      replaces,
      refolded,
    }));
    try {
      const { fenced } = await collection.write(writes);
      if (fenced > 0) throw new Fenced('document', id, lease.epoch);
      return undefined;
    } catch (error) {
      if (error instanceof Fenced) throw error;
      if (error instanceof ViewStoreError && !SUSPECT.has(error.failure)) throw error;
      return { error };
    }
  }
}
