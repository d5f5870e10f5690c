import { heapBytes, textBytes, type CachePart } from '@rapport/platform';
import type { DocumentBody, ParkedKey, ViewDocument } from '../viewStore.ts';

/** A document as folded so far, perhaps not yet written. */
export interface FoldedDocument {
  readonly key: string;
  /** Of the last event that changed it; -1 where it never was. */
  index: number;
  /** null: deleted or never there. */
  body: DocumentBody | null;
  /** Whether the store has it, or will have it before it is written again. */
  stored: boolean;
  /** Batches under way that hold it: it must not be read from the store before they are written. */
  pending: number;
  /** Index of the event from which on it waits; Infinity where its key is not parked. */
  parkedAt: number;
  /** Estimated bytes on the heap, as a cache last weighed it. */
  bytes: number;
}

export function foldedDocument(
  key: string,
  stored: ViewDocument<DocumentBody | null> | undefined,
  parked: ParkedKey | undefined,
): FoldedDocument {
  const { index, body } = stored ?? { index: -1, body: null };
  const parkedAt = parked?.index ?? Infinity;
  return { key, index, body, stored: body !== null, pending: 0, parkedAt, bytes: 0 };
}

/** A document's own object, its entry and its place among the others. */
const FOLDED_DOCUMENT = 152;

/**
 * What the owner has folded lately, so that it need not read it again. Only the owner writes, hence what stands here
 * is what the store has or will have; once fenced, the cache goes with the owner.
 */
export class DocumentCache {
  private readonly documents = new Map<string, FoldedDocument>();

  /** @param keeps beyond those that are being written */
  constructor(
    private readonly room: CachePart,
    private readonly keeps: 'what fits' | 'nothing',
  ) {}

  get(key: string): FoldedDocument | undefined {
    return this.documents.get(key);
  }

  /** @param stored what the store has under this key */
  add(
    key: string,
    stored: ViewDocument<DocumentBody | null> | undefined,
    parked: ParkedKey | undefined,
  ): FoldedDocument {
    const document = foldedDocument(key, stored, parked);
    this.documents.set(key, document);
    this.weigh(document);
    return document;
  }

  /** To be called when a document's content has changed. */
  weigh(document: FoldedDocument): void {
    const bytes = FOLDED_DOCUMENT + this.weightOf(document);
    if (this.documents.get(document.key) === document) this.room.bytes += bytes - document.bytes;
    document.bytes = bytes;
  }

  /** It is not known any more: read it when it is needed next. Nothing that holds it may be under way. */
  forget(key: string): void {
    const document = this.documents.get(key);
    if (document === undefined) return;
    this.documents.delete(key);
    this.room.bytes -= document.bytes;
  }

  /** Makes it the one that is dropped last. */
  touch(document: FoldedDocument): void {
    this.documents.delete(document.key);
    this.documents.set(document.key, document);
  }

  /** Drops those that were not used for the longest time, never one that is being written. */
  trim(): void {
    const limit = this.keeps === 'nothing' ? 0 : this.room.limit;
    if (this.room.bytes <= limit) return;
    for (const document of this.documents.values()) {
      if (document.pending > 0) continue;
      this.forget(document.key);
      if (this.room.bytes <= limit) return;
    }
  }

  /** What goes as soon as it is written need not be weighed. */
  private weightOf({ key, body }: FoldedDocument): number {
    return this.keeps === 'nothing' ? 0 : textBytes(key) + heapBytes(body);
  }
}
