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
}

export function foldedDocument(
  key: string,
  stored: ViewDocument<DocumentBody | null> | undefined,
  parked: ParkedKey | undefined,
): FoldedDocument {
  const { index, body } = stored ?? { index: -1, body: null };
  return { key, index, body, stored: body !== null, pending: 0, parkedAt: parked?.index ?? Infinity };
}

/**
 * What the owner has folded lately, so that it need not read it again. Only the owner writes, hence what stands here
 * is what the store has or will have; once fenced, the cache goes with the owner.
 */
export class DocumentCache {
  private readonly documents = new Map<string, FoldedDocument>();

  /** @param capacity documents kept beyond those that are being written */
  constructor(private readonly capacity: number) {}

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
    return document;
  }

  /** It is not known any more: read it when it is needed next. Nothing that holds it may be under way. */
  forget(key: string): void {
    this.documents.delete(key);
  }

  /** Makes it the one that is dropped last. */
  touch(document: FoldedDocument): void {
    this.documents.delete(document.key);
    this.documents.set(document.key, document);
  }

  /** Drops those that were not used for the longest time, never one that is being written. */
  trim(): void {
    let excess = this.documents.size - this.capacity;
    if (excess <= 0) return;
    for (const [key, document] of this.documents) {
      if (document.pending > 0) continue;
      this.documents.delete(key);
      if (--excess === 0) return;
    }
  }
}
