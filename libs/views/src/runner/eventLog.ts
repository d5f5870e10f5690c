import type { ReadEvent } from '@rapport/contracts';

/** An event as those who follow a log are given it: in the version that this release reads, or as one that it cannot. */
export type LogEvent = ReadEvent;

/**
 * The log as projections read it: decoded, in store order. One event that cannot be read is handed out as such: it
 * stops nobody.
 */
export interface EventLog {
  /** Checkpoints of another log mean nothing here. */
  readonly logId: string;

  /**
   * All events after a position: first what is stored, then what is appended, in batches that are never empty.
   * Ends when `signal` aborts. Events are shared between those who follow: nobody changes them.
   *
   * @param wanted where given, counted events of other types may be left out, but for the last event and the last
   *   counted one of each batch, so that whoever follows knows how far it is
   */
  follow(
    after: number,
    signal: AbortSignal,
    wanted?: ReadonlySet<string>,
  ): AsyncIterable<readonly LogEvent[]>;

  /** Counted events in order of index, from `fromIndex` on; empty at the head. */
  readCounted(fromIndex: number, limit: number): Promise<readonly LogEvent[]>;

  /** Position and index of the last event; -1 where there is none. */
  head(): Promise<{ readonly position: number; readonly index: number }>;
}
