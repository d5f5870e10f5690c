import { isUnreadable, type ReadEvent, type UnreadableEvent } from '@rapport/contracts';
import type { Timers } from '@rapport/platform';
import type { Ledger } from '../ledger/ledger.ts';

/** What is followed: the ledger, or a log that is read otherwise. */
export type FollowedLog = Pick<Ledger, 'follow'> & { head(): Promise<{ readonly position: number }> };

/**
 * Takes in a batch. What it throws ends the batch for all: only for what goes away by itself, as a store that does not
 * answer. What one event, or one stream, is at fault for, it keeps to that stream.
 */
export type Observe = (events: readonly ReadEvent[]) => void | Promise<void>;

export interface FollowingReports {
  /** The log could not be followed, or an observer failed: the batch is tried again. */
  readonly failed: (error: unknown) => void;
  /** An event that this release cannot read went by; told once for each. */
  readonly unreadable?: (event: UnreadableEvent) => void;
}

/**
 * Follows the log from its head at the start and shows every batch to the observers, in order. A lost connection
 * is taken up again after the last event seen, with growing pauses; each failure is reported. An event that cannot be
 * read is shown as that, and those after it are shown: one customer's must not keep a service from all others.
 */
export class LogFollower {
  private readonly abort = new AbortController();
  private done: Promise<void> = Promise.resolve();

  constructor(
    private readonly log: FollowedLog,
    private readonly timers: Timers,
    private readonly observers: readonly Observe[],
    private readonly reports: FollowingReports,
    /** Streams whose events are shown; default: all. */
    private readonly categories?: readonly string[],
  ) {}

  /** Resolves when everything recorded after its return will be seen. */
  async start(): Promise<void> {
    const { position } = await this.log.head();
    this.startAfter(position);
  }

  /** The same from a position on (exclusive) that is known already. */
  startAfter(position: number): void {
    this.done = this.follow(position);
  }

  async stop(): Promise<void> {
    this.abort.abort();
    await this.done;
  }

  private async follow(from: number): Promise<void> {
    const { signal } = this.abort;
    let after = from;
    for (let pause = 50; !signal.aborted; pause = Math.min(pause * 2, 5_000)) {
      try {
        for await (const events of this.log.follow(after, signal, this.categories)) {
          for (const observe of this.observers) await observe(events);
          after = events.at(-1)!.position;
          pause = 50;
          if (this.reports.unreadable !== undefined) {
            for (const event of events) if (isUnreadable(event)) this.reports.unreadable(event);
          }
        }
        if (signal.aborted) return;
      } catch (error) {
        if (signal.aborted) return;
        this.reports.failed(error);
      }
      await this.timers.sleep(pause, signal).catch(() => undefined);
    }
  }
}
