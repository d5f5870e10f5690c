import type { Timers } from '@rapport/platform';

export interface PulseOptions {
  readonly timers: Timers;
  /** Told when it changes, with the reason why it is down. */
  readonly changed: (up: boolean, reason?: unknown) => void;
  /** Pause between two questions, in ms; default 2,000. */
  readonly everyMs?: number;
  /** How long an answer may take before it is down, in ms; default 5,000, as the stores themselves wait. */
  readonly deadlineMs?: number;
}

/**
 * Whether a store answers, asked all the time and beside the work, so that readiness knows it without asking. Begins
 * as up: whoever makes it has just opened the store.
 */
export class Pulse {
  #up = true;
  readonly #stopping = new AbortController();

  /** Begins to ask. @param ask a small question that the store itself has to answer */
  constructor(
    private readonly ask: () => Promise<unknown>,
    private readonly options: PulseOptions,
  ) {
    void this.#run();
  }

  get up(): boolean {
    return this.#up;
  }

  /** Before the store is closed. What was asked last may still be under way: the store waits for it, nobody else does. */
  stop(): void {
    this.#stopping.abort();
  }

  async #run(): Promise<void> {
    const { timers, everyMs = 2_000 } = this.options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const { up, reason } = await this.#beat();
      if (signal.aborted) return;
      if (up !== this.#up) {
        this.#up = up;
        this.options.changed(up, reason);
      }
      await timers.sleep(everyMs, signal).catch(() => undefined);
    }
  }

  #beat(): Promise<{ readonly up: boolean; readonly reason?: unknown }> {
    const { timers, deadlineMs = 5_000 } = this.options;
    return new Promise((resolve) => {
      const late = (): void => resolve({ up: false, reason: new Error(`no answer within ${deadlineMs} ms`) });
      const cancel = timers.schedule(deadlineMs, late);
      this.#stopping.signal.addEventListener('abort', late, { once: true });
      void this.ask()
        .then(
          () => resolve({ up: true }),
          (reason: unknown) => resolve({ up: false, reason }),
        )
        .finally(() => {
          cancel();
          this.#stopping.signal.removeEventListener('abort', late);
        });
    });
  }
}
