import { MAX_PAGE_BYTES } from '../reading/readRange.ts';
import type { LoggedEvent } from './loggedEvent.ts';

/** Events asked for at first; then as many as fit what is left of the page, by the size of those that came. */
const FIRST_PART = 256;

/** A part of the log after the last event that is held, and whether it reached the end. */
export interface LogPart {
  readonly events: readonly LoggedEvent[];
  readonly end: boolean;
}

export interface LogPage {
  readonly events: readonly LoggedEvent[];
  /** Nothing follows. */
  readonly end: boolean;
}

/**
 * A page cut at `limit` events and at 1 MiB of data, never below one event. Read in parts, because a read of the
 * client cannot be ended early: asking for all events at once might bring 256 MB.
 *
 * @param read up to `count` events behind `last`, or the first ones
 */
export async function readPage(
  limit: number,
  read: (last: LoggedEvent | undefined, count: number) => Promise<LogPart>,
): Promise<LogPage> {
  const events: LoggedEvent[] = [];
  let bytes = 0;
  for (;;) {
    // One more than the page holds tells whether anything follows.
    const count = Math.min(limit + 1 - events.length, partSize(events.length, bytes));
    const part = await read(events.at(-1), count);
    for (const event of part.events) {
      bytes += event.data.byteLength;
      if (events.length === limit || (bytes > MAX_PAGE_BYTES && events.length > 0))
        return { events, end: false };
      events.push(event);
    }
    if (part.end) return { events, end: true };
  }
}

function partSize(events: number, bytes: number): number {
  if (events === 0) return FIRST_PART;
  const mean = Math.max(1, bytes / events);
  return Math.max(1, Math.min(2_000, Math.ceil((MAX_PAGE_BYTES - bytes) / mean) + 1));
}
