import type { Projection } from '../projection.ts';
import type { ParkedKey } from '../viewStore.ts';
import { projectionId } from '../viewStore.ts';
import type { LogEvent } from './eventLog.ts';
import { reasonOf } from './failureText.ts';
import type { TouchedKeys } from './foldBatch.ts';
import { guessedKeys, keysOf } from './keysOf.ts';
import { streamKey } from './streamKey.ts';

/** Why a key waits that is not at fault itself: an earlier event of the stream is parked. */
export class HeldByStream extends Error {
  override readonly name = HELD_BY_STREAM;
}

export const HELD_BY_STREAM = 'HeldByStream';

export interface Touched {
  readonly touched: readonly TouchedKeys[];
  /** Streams that are parked from now on. */
  readonly streams: readonly ParkedKey[];
}

/**
 * The documents that events touch, in order. Where that cannot be said of an event, its stream is parked: the event and
 * all later ones of the stream wait, and each document that one of these touches waits from there on, because what it
 * misses is not known. Documents that no later event of the stream touches go on; when the stream is unparked they
 * are folded anew from the log.
 *
 * @param held index by stream of those that are parked; added to
 */
export function touch(
  projection: Projection,
  events: readonly LogEvent[],
  held: Map<string, number>,
): Touched {
  const touched: TouchedKeys[] = [];
  const streams: ParkedKey[] = [];
  const wait = (event: LogEvent): void => {
    const keys = guessedKeys(projection, event);
    if (keys.length > 0) touched.push({ event, keys, failure: new HeldByStream() });
  };
  for (const event of events) {
    const { stream } = event;
    const index = event.index!;
    if (index >= (held.get(stream) ?? Infinity)) {
      wait(event);
      continue;
    }
    try {
      const keys = keysOf(projection, event);
      if (keys.length > 0) touched.push({ event, keys });
    } catch (error) {
      held.set(stream, index);
      streams.push({
        projection: projectionId(projection),
        key: streamKey(stream),
        index,
        stream,
        reason: reasonOf(error),
      });
      wait(event);
    }
  }
  return { touched, streams };
}
