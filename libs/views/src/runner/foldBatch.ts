import { isUnreadable, type CurrentEvent } from '@rapport/contracts';
import type { Projection } from '../projection.ts';
import type { DocumentBody, ParkedKey } from '../viewStore.ts';
import { projectionId } from '../viewStore.ts';
import type { FoldedDocument } from './documentCache.ts';
import type { LogEvent } from './eventLog.ts';
import { reasonOf } from './failureText.ts';
import { UnreadableEvent } from './keysOf.ts';

/** An event with the keys that it touches and, where its fields could not be opened, why. */
export interface TouchedKeys {
  readonly event: LogEvent;
  readonly keys: readonly string[];
  readonly failure?: unknown;
}

export interface FoldedBatch {
  readonly changed: ReadonlySet<FoldedDocument>;
  readonly parked: readonly ParkedKey[];
}

/** Told before a document becomes another one; throws where it must not, and its key is parked. */
export type Changing = (before: DocumentBody | null, after: DocumentBody | null) => void;

/**
 * Folds events into documents, in place and in order. An event at or below a document's index is a no-op; a key that
 * fails is parked, and later events pass it over.
 */
export function foldBatch(
  projection: Projection,
  touched: readonly TouchedKeys[],
  document: (key: string) => FoldedDocument,
  changing: Changing = () => undefined,
): FoldedBatch {
  const changed = new Set<FoldedDocument>();
  const parked: ParkedKey[] = [];
  for (const { event, keys, failure } of touched) {
    const index = event.index!;
    for (const key of keys) {
      const folded = document(key);
      if (index <= folded.index || index >= folded.parkedAt) continue;
      try {
        if (failure !== undefined) throw failure;
        if (isUnreadable(event)) throw new UnreadableEvent(event.unreadable);
        if (foldInto(folded, projection, event, changing)) changed.add(folded);
      } catch (error) {
        const { stream } = event;
        folded.parkedAt = index;
        parked.push({ projection: projectionId(projection), key, index, stream, reason: reasonOf(error) });
      }
    }
  }
  return { changed, parked };
}

/** @returns whether the document is another now */
function foldInto(
  document: FoldedDocument,
  projection: Projection,
  event: CurrentEvent,
  changing: Changing,
): boolean {
  const starts = projection.starts?.includes(event.type) === true;
  const before = document.body ?? undefined;
  const after = projection.fold(starts ? undefined : before, event, document.key);
  if (starts && (after ?? undefined) === undefined)
    throw new TypeError(`${event.type} is said to start a document and made none`);
  if (after === before || (after ?? undefined) === before) return false;
  if (typeof after !== 'object' && after !== undefined) throw new TypeError('a document is a JSON object');
  changing(document.body, after ?? null);
  document.body = after ?? null;
  document.index = event.index!;
  return true;
}
