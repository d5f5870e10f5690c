import { isCounted } from '@rapport/contracts';
import type { StoredEvent, StreamWrite } from '../eventStore.ts';

/** What an append has stored, from what it sent and where the writer began to put it. */
export function storedEvents(
  writes: readonly StreamWrite[],
  firstPosition: number,
  firstIndex: number,
): readonly StoredEvent[] {
  const result: StoredEvent[] = [];
  let position = firstPosition;
  let index = firstIndex;
  for (const { stream, expectedRevision, events } of writes) {
    const counted = isCounted(stream);
    let revision = expectedRevision;
    for (const { id, type, data } of events) {
      revision += 1;
      result.push({ position, index: counted ? index : null, stream, revision, id, type, data });
      position += 1;
      if (counted) index += 1;
    }
  }
  return result;
}
