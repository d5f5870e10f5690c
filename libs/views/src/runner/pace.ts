import type { Timers } from '@rapport/platform';
import type { PositionWaiters } from './positionWaiters.ts';

/** A pause grows with what the batch before it brought, up to this, in ms: a quarter of what a view may lag. */
const LONGEST_PAUSE = 80;
const PAUSE_PER_EVENT = 1;

/**
 * Lets events gather at the head of the log, so that under load one commit, and one write of a document or of an
 * index page that is changed again and again, serves many of them. A lone event is shown at once; where somebody
 * waits for a position there is no pause; and none while catching up.
 */
export class Pace {
  private taken = 0;
  /** The head as it was after the former pause: up to there, nothing gathers any more. */
  private head = -1;

  constructor(
    private readonly timers: Timers,
    private readonly waiters: PositionWaiters,
    private readonly readHead: () => Promise<{ readonly position: number }>,
  ) {}

  /** To be awaited after each batch. Returns early when `signal` aborts. */
  async rest(position: number, events: number, signal: AbortSignal): Promise<void> {
    this.taken += events;
    if (position < this.head) return;
    await this.pause(Math.min(LONGEST_PAUSE, this.taken * PAUSE_PER_EVENT), signal);
    this.taken = 0;
    if (!signal.aborted) this.head = (await this.readHead()).position;
  }

  private async pause(ms: number, signal: AbortSignal): Promise<void> {
    if (this.waiters.waiting) return;
    const hurry = new AbortController();
    const wake = (): void => hurry.abort();
    this.waiters.onWaiting = wake;
    signal.addEventListener('abort', wake, { once: true });
    if (signal.aborted) wake();
    try {
      await this.timers.sleep(ms, hurry.signal);
    } catch (error) {
      if (!hurry.signal.aborted) throw error;
    } finally {
      this.waiters.onWaiting = undefined;
      signal.removeEventListener('abort', wake);
    }
  }
}
