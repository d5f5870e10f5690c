import type { CachePart } from '@rapport/platform';
import type { Projection } from '../projection.ts';
import type { ViewCollection } from '../viewStore.ts';
import { DocumentCache } from './documentCache.ts';
import type { FoldedDocument } from './documentCache.ts';
import type { LogEvent } from './eventLog.ts';
import type { TouchedKeys } from './foldBatch.ts';
import type { ParkedKeys } from './parkedKeys.ts';

export interface BatchDocumentsParts {
  readonly projection: Projection;
  readonly collection: ViewCollection;
  readonly parked: ParkedKeys;
  /** For the documents that are remembered beyond those being written. */
  readonly room: CachePart;
}

/** The documents that a tenure folds: as it folded them lately, else as they are stored. */
export class BatchDocuments {
  /** Only events after this index can have no trace in the store yet; -1 where it was empty to begin with. */
  unwrittenAfter = Number.MAX_SAFE_INTEGER;
  private readonly cache: DocumentCache;
  private readonly starts: ReadonlySet<string>;

  constructor(private readonly parts: BatchDocumentsParts) {
    const { types, starts, counts } = parts.projection;
    // Who counts must know what was there before.
    this.starts = new Set(counts === undefined ? starts : []);
    const everyTypeStarts = types.every((type) => starts?.includes(type));
    this.cache = new DocumentCache(parts.room, everyTypeStarts ? 'nothing' : 'what fits');
  }

  /** The documents that the batch touches, kept in the cache until they are released. */
  async pin(touched: readonly TouchedKeys[]): Promise<ReadonlyMap<string, FoldedDocument>> {
    const { collection, parked } = this.parts;
    const documents = new Map<string, FoldedDocument>();
    /** Keys that the cache does not have, with whether the store must be asked for them. */
    const unknown = new Map<string, boolean>();
    const pin = (document: FoldedDocument): void => {
      document.pending++;
      documents.set(document.key, document);
    };
    for (const { event, keys } of touched) {
      for (const key of keys) {
        if (documents.has(key) || unknown.has(key)) continue;
        const known = this.cache.get(key);
        if (known === undefined) unknown.set(key, !this.startsAnew(event));
        else {
          this.cache.touch(known);
          pin(known);
        }
      }
    }
    if (unknown.size === 0) return documents;
    const waiting = await parked.among(unknown.keys());
    const asked = [...unknown].filter(([, ask]) => ask).map(([key]) => key);
    const stored = asked.length === 0 ? undefined : await collection.load(asked);
    for (const key of unknown.keys()) pin(this.cache.add(key, stored?.get(key), waiting.get(key)));
    return documents;
  }

  /** To be called when the content of a pinned document has changed. */
  weigh(document: FoldedDocument): void {
    this.cache.weigh(document);
  }

  /** The batch that pinned them is committed. */
  release(documents: Iterable<FoldedDocument>): void {
    for (const document of documents) document.pending--;
    this.cache.trim();
  }

  /** The store has something else under these keys, or they are parked otherwise: told between two batches. */
  forget(keys: Iterable<string>): void {
    for (const key of keys) this.cache.forget(key);
  }

  /**
   * Whether nothing that is stored matters for the event. What is stored may be anything that an earlier owner folded,
   * hence up to the head as this one found it: the guard would fence who writes below that without having looked.
   */
  private startsAnew({ type, index }: LogEvent): boolean {
    return this.starts.has(type) && index! > this.unwrittenAfter;
  }
}
