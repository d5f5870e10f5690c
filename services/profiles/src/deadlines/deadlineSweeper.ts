import { commandIdOfDeadline, type Origin } from '@rapport/contracts';
import { systemMeta, type ServiceRuntime } from '@rapport/event-sourcing';
import { Unanswered } from '@rapport/messaging';
import { Problem, toInstant, toMillis } from '@rapport/platform';
import type { StandingReviews } from '../standingReview/standingReviews.ts';
import type { DueDeadline, DueDeadlines } from './dueDeadlines.ts';

export const SWEEP_EVERY_MS = 30_000;

/** Shortest pause before a due that is near, in ms: a clock that stands still must not make it a busy loop. */
const SHORTEST_PAUSE_MS = 100;

const PAGE = 200;
const SIDE_BY_SIDE = 16;
/** How often the view is asked again while it still shows a page of what was fired already. */
const LAG_POLLS = 100;
const LAG_PAUSE_MS = 50;
/** Failures in a row that are not told: a view that is away for a moment. */
const QUIET_FAILURES = 3;
/** The same before the first sweep, while the projector is still starting: together more than a minute. */
const QUIET_AT_START = 12;

/**
 * Fires recorded review deadlines that are due: at the start, at the next recorded due, at least every 30 s, and
 * when asked. Late rather than never: what a review decides does not depend on when it runs, so a system that was
 * down catches up by sweeping once. A due that is recorded during a pause and falls into it waits for its end; that
 * of a policy never does, since its versions take effect 60 s after they are recorded at the earliest.
 */
export class DeadlineSweeper {
  private readonly abort = new AbortController();
  private loop: Promise<void> = Promise.resolve();
  private last: Promise<void> = Promise.resolve();

  constructor(
    private readonly runtime: ServiceRuntime,
    private readonly reviews: StandingReviews,
    private readonly deadlines: DueDeadlines,
    private readonly everyMs = SWEEP_EVERY_MS,
  ) {}

  start(): void {
    this.loop = this.run();
  }

  async stop(): Promise<void> {
    this.abort.abort();
    await this.loop;
    await this.last.catch(() => undefined);
  }

  /**
   * Fires everything that is due by the business clock, as far as the view knows it. One sweep at a time.
   *
   * @param origin recorded with what follows; `demo` while the demo moves the clock
   * @throws Problem when the view does not answer; what a review failed of: its deadline stays due, others are fired
   */
  sweep(origin: Origin = 'live'): Promise<void> {
    const next = this.last.then(
      () => this.sweepOnce(origin),
      () => this.sweepOnce(origin),
    );
    this.last = next;
    return next;
  }

  private async run(): Promise<void> {
    const { signal } = this.abort;
    let swept = false;
    for (let failures = 0; !signal.aborted;) {
      let pause = this.everyMs;
      try {
        await this.sweep();
        pause = await this.untilNext();
        failures = 0;
        swept = true;
      } catch (error) {
        failures += 1;
        pause = Math.min(1_000 * failures, this.everyMs);
        const starting = !swept && error instanceof Problem && error.kind === 'unavailable';
        if (failures >= (starting ? QUIET_AT_START : QUIET_FAILURES)) {
          this.runtime.alert('deadline sweep failed', {
            failures,
            error: error instanceof Problem ? error.kind : error instanceof Error ? error.name : typeof error,
          });
        }
      }
      await this.runtime.timers.sleep(pause, signal).catch(() => undefined);
    }
  }

  /** Milliseconds to the next due that the view knows, at most to the next regular sweep. */
  private async untilNext(): Promise<number> {
    const now = this.runtime.clock.now();
    const near = await this.deadlines.due(toInstant(now + this.everyMs), PAGE);
    // What is due already was fired just now, and is about to leave the view.
    const next = near.map(({ due }) => toMillis(due)).find((due) => due > now);
    return next === undefined ? this.everyMs : Math.max(SHORTEST_PAUSE_MS, next - now);
  }

  private async sweepOnce(origin: Origin): Promise<void> {
    const before = toInstant(this.runtime.clock.now());
    const fired = new Set<string>();
    for (let polls = 0; polls < LAG_POLLS && !this.abort.signal.aborted;) {
      const page = await this.deadlines.due(before, PAGE);
      const waiting = page.filter((deadline) => !fired.has(keyOf(deadline)));
      for (const deadline of waiting) fired.add(keyOf(deadline));
      const failures: unknown[] = [];
      while (waiting.length > 0 && !failures.some(isUnanswered) && !this.abort.signal.aborted) {
        failures.push(...(await this.fireTogether(waiting.splice(0, SIDE_BY_SIDE), origin)));
      }
      if (failures.length > 0) throw failures.find(isUnanswered) ?? failures[0];
      if (page.length < PAGE) return;
      // A full page may hide others behind what was fired already: the view needs a moment to follow.
      polls += 1;
      await this.runtime.timers.sleep(LAG_PAUSE_MS, this.abort.signal).catch(() => undefined);
    }
  }

  /** @returns why some could not be fired: one customer's fault is nobody else's */
  private async fireTogether(deadlines: readonly DueDeadline[], origin: Origin): Promise<readonly unknown[]> {
    const fired = await Promise.allSettled(deadlines.map((deadline) => this.fire(deadline, origin)));
    return fired.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  }

  private async fire({ deadlineId, customerId, generation }: DueDeadline, origin: Origin): Promise<void> {
    const commandId = commandIdOfDeadline(this.runtime.tenant, deadlineId, generation);
    const meta = await systemMeta(this.runtime, 'system-deadlines', {
      commandId,
      correlationId: commandId,
      causationId: commandId,
      origin,
    });
    await this.reviews.review(customerId, meta, { customerId, deadlineId, generation });
  }
}

/** Then nobody's review can be recorded for the moment, and each would take as long to fail. */
function isUnanswered(error: unknown): boolean {
  return error instanceof Unanswered;
}

function keyOf({ deadlineId, generation }: DueDeadline): string {
  return `${deadlineId} ${generation}`;
}
