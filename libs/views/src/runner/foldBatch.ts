import type { RecordedEvent } from '@rapport/contracts';
import type { Projection } from '../projection.ts';
import type { ParkedKey } from '../viewStore.ts';
import { projectionId } from '../viewStore.ts';
import type { FoldedDocument } from './documentCache.ts';

/** An event with the keys that it touches and, where its fields could not be opened, why. */
export interface TouchedKeys {
  readonly event: RecordedEvent;
  readonly keys: readonly string[];
  readonly failure?: unknown;
}

export interface FoldedBatch {
  readonly changed: ReadonlySet<FoldedDocument>;
  readonly parked: readonly ParkedKey[];
}

/**
 * Folds events into documents, in place and in order. An event at or below a document's index is a no-op; a key that
 * fails is parked, and later events of the batch pass it over; keys parked before are not touched by the caller.
 */
export function foldBatch(
  projection: Projection,
  touched: readonly TouchedKeys[],
  document: (key: string) => FoldedDocument,
): FoldedBatch {
  const changed = new Set<FoldedDocument>();
  const parked = new Map<string, ParkedKey>();
  for (const { event, keys, failure } of touched) {
    const index = event.index!;
    for (const key of keys) {
      if (parked.has(key)) continue;
      const folded = document(key);
      if (index <= folded.index) continue;
      try {
        if (failure !== undefined) throw failure;
        if (foldInto(folded, projection, event)) changed.add(folded);
      } catch (error) {
        const reason = error instanceof Error ? error.name : typeof error;
        parked.set(key, { projection: projectionId(projection), key, index, stream: event.stream, reason });
      }
    }
  }
  return { changed, parked: [...parked.values()] };
}

/** @returns whether the document is another now */
function foldInto(document: FoldedDocument, projection: Projection, event: RecordedEvent): boolean {
  const starts = projection.starts?.includes(event.type) === true;
  const before = document.body ?? undefined;
  const after = projection.fold(starts ? undefined : before, event, document.key);
  if (starts && (after ?? undefined) === undefined)
    throw new TypeError(`${event.type} is said to start a document and made none`);
  if (after === before || (after ?? undefined) === before) return false;
  document.body = after ?? null;
  document.index = event.index!;
  return true;
}
