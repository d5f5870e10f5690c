import type { RecordedEvent } from '@rapport/contracts';
import type { Timers } from '@rapport/platform';
import type { Ledger } from '../ledger/ledger.ts';

/** What is followed: the ledger, or a log that is read otherwise. */
export type FollowedLog = Pick<Ledger, 'follow'> & { head(): Promise<{ readonly position: number }> };

export type Observe = (events: readonly RecordedEvent[]) => void | Promise<void>;

/**
 * Follows the log from its head at the start and shows every batch to the observers, in order. A lost connection
 * is taken up again after the last event seen, with growing pauses; each failure is reported.
 */
export class LogFollower {
  private readonly abort = new AbortController();
  private done: Promise<void> = Promise.resolve();

  constructor(
    private readonly log: FollowedLog,
    private readonly timers: Timers,
    private readonly observers: readonly Observe[],
    private readonly report: (error: unknown) => void,
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
        }
        if (signal.aborted) return;
      } catch (error) {
        if (signal.aborted) return;
        this.report(error);
      }
      await this.timers.sleep(pause, signal).catch(() => undefined);
    }
  }
}
