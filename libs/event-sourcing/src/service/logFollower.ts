import type { RecordedEvent } from '@rapport/contracts';
import type { Timers } from '@rapport/platform';
import type { Ledger } from '../ledger/ledger.ts';

export type Observe = (events: readonly RecordedEvent[]) => void | Promise<void>;

/**
 * Follows the log from its head at the start and shows every batch to the observers, in order. A lost connection
 * is taken up again after the last event seen, with growing pauses; each failure is reported.
 */
export class LogFollower {
  private readonly abort = new AbortController();
  private done: Promise<void> = Promise.resolve();

  constructor(
    private readonly ledger: Ledger,
    private readonly timers: Timers,
    private readonly observers: readonly Observe[],
    private readonly report: (error: unknown) => void,
    /** Streams whose events are shown; default: all. */
    private readonly categories?: readonly string[],
  ) {}

  /** Resolves when everything recorded after its return will be seen. */
  async start(): Promise<void> {
    const { position } = await this.ledger.head();
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
        for await (const events of this.ledger.follow(after, signal, this.categories)) {
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
