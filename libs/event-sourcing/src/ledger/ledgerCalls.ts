import { Unanswered, type RequestClient, type RequestOptions } from '@rapport/messaging';
import { systemMonotonicClock, systemTimers, type MonotonicClock, type Timers } from '@rapport/platform';

export interface LedgerCallOptions {
  /** How long a call goes on trying, in milliseconds; default 8,000: who waits at the gateway waits 10,000. */
  readonly deadlineMs?: number;
  /** How long one try waits for its answer, in milliseconds; default 3,000. */
  readonly attemptMs?: number;
  readonly timers?: Timers;
  readonly monotonic?: MonotonicClock;
}

const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

/**
 * Calls of the ledger that are repeated until they are answered or their time is over. Every one of them may be
 * repeated: reading changes nothing, and a command is recorded once under its id.
 */
export class LedgerCalls {
  private readonly deadlineMs: number;
  private readonly attemptMs: number;
  private readonly timers: Timers;
  private readonly monotonic: MonotonicClock;
  private readonly closing = new AbortController();

  constructor(
    private readonly requests: RequestClient,
    options: LedgerCallOptions = {},
  ) {
    this.deadlineMs = options.deadlineMs ?? 8_000;
    this.attemptMs = options.attemptMs ?? 3_000;
    this.timers = options.timers ?? systemTimers;
    this.monotonic = options.monotonic ?? systemMonotonicClock;
  }

  /** @throws Problem the ledger's own, at once; Unanswered when the time is over */
  async call<Reply>(subject: string, message: object, options?: RequestOptions): Promise<Reply> {
    const end = this.monotonic.now() + this.deadlineMs;
    for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const timeoutMs = Math.min(this.attemptMs, end - this.monotonic.now());
      try {
        return await this.requests.request<Reply>(subject, message, { ...options, timeoutMs });
      } catch (error) {
        if (!(error instanceof Unanswered) || this.monotonic.now() + pause >= end) throw error;
        await this.timers.sleep(pause, this.closing.signal).catch(() => undefined);
        if (this.closing.signal.aborted) throw error;
      }
    }
  }

  /** Nothing is asked again any more. */
  close(): void {
    this.closing.abort();
  }
}
