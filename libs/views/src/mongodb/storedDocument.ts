import { documentText } from '../documents/documentText.ts';
import type { DocumentBody, DocumentWrite, ViewDocument } from '../viewStore.ts';

/**
 * A document as it lies in MongoDB. `gone` leads every index: with it as an equality, an index serves live documents
 * only, in the order of its fields and then of the key. A tombstone has no body.
 */
export interface StoredDocument {
  readonly _id: string;
  /** Index of the last event folded into it. */
  readonly n: number;
  readonly gone: boolean;
  readonly body?: DocumentBody;
}

export function viewDocument({ _id, n, body }: StoredDocument): ViewDocument<DocumentBody | null> {
  return { key: _id, index: n, body: body ?? null };
}

/** Through JSON, so that what is found later is what every other adapter would give back. */
export function storedDocument({ key, index, body }: DocumentWrite): StoredDocument {
  if (body === null) return { _id: key, n: index, gone: true };
  return { _id: key, n: index, gone: false, body: JSON.parse(documentText(body)) as DocumentBody };
}

/** A document with its guard: it replaces a lower index, and where it was refolded also its own. */
export interface GuardedDocument {
  readonly document: StoredDocument;
  readonly refolded: boolean;
}

export function guardedDocument(write: DocumentWrite): GuardedDocument {
  return { document: storedDocument(write), refolded: write.refolded === true };
}

/** Whether to try an insert first. */
export function isThoughtNew({ replaces, refolded }: DocumentWrite): boolean {
  return replaces !== true && refolded !== true;
}

/** What turns whatever stands there into it. */
export function changeTo({ n, gone, body }: StoredDocument): Record<string, unknown> {
  return body === undefined ? { $set: { n, gone }, $unset: { body: '' } } : { $set: { n, gone, body } };
}
