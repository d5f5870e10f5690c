import { describe, expect, it } from '@jest/globals';
import type { ServiceRuntime } from '@rapport/event-sourcing';
import { AdjustableClock, Problem, toInstant } from '@rapport/platform';
import type { StandingReviews } from '../standingReview/standingReviews.ts';
import { DeadlineSweeper, SWEEP_EVERY_MS } from './deadlineSweeper.ts';
import type { DueDeadline } from './dueDeadlines.ts';

const START = Date.parse('2026-03-10T02:00:00.000Z');
const customerId = '0f5a7f6e-0000-5000-8000-000000000001';

/** A sweeper whose pauses pass at once by moving the clock; tells when, in ms from the start, it fired what. */
function sweeping(recordedAfter: readonly { readonly recordedMs: number; readonly dueMs: number }[]) {
  const clock = new AdjustableClock({ now: () => START });
  clock.moveTo(START);
  const fired: { readonly ms: number; readonly deadlineId: string }[] = [];
  const pauses: number[] = [];
  const passed = () => clock.now() - START;
  let enough = (): void => undefined;
  const done = new Promise<void>((resolve) => (enough = resolve));
  const runtime = {
    tenant: 'main',
    clock,
    timers: {
      sleep: async (ms: number, signal?: AbortSignal) => {
        pauses.push(ms);
        clock.moveTo(clock.now() + ms);
        if (fired.length === recordedAfter.length || pauses.length > 20) {
          enough();
          await new Promise((_resolve, reject) =>
            signal?.addEventListener('abort', () => reject(new Error())),
          );
        }
      },
    },
    assertActor: async () => 'assertion',
    alert: (alert: string) => {
      throw new Error(alert);
    },
  } as unknown as ServiceRuntime;
  const reviews = {
    review: async (_customerId: string, _meta: object, { deadlineId }: { deadlineId: string }) => {
      fired.push({ ms: passed(), deadlineId });
    },
  } as unknown as StandingReviews;
  const deadlines = {
    due: async (before: string, limit: number): Promise<DueDeadline[]> =>
      recordedAfter
        .map(({ recordedMs, dueMs }, n) => ({
          recordedMs,
          deadlineId: `${n}`,
          customerId,
          generation: 1,
          due: toInstant(START + dueMs),
        }))
        .filter(({ recordedMs, due, deadlineId }) => {
          const gone = fired.some((one) => one.deadlineId === deadlineId && one.ms < passed());
          return recordedMs <= passed() && due <= before && !gone;
        })
        .sort((x, y) => (x.due < y.due ? -1 : 1))
        .slice(0, limit),
  };
  const sweeper = new DeadlineSweeper(runtime, reviews, deadlines);
  sweeper.start();
  return { fired, pauses, done, stop: () => sweeper.stop() };
}

describe('recorded review deadlines', () => {
  it('R-026 fire at their instant, not at the next regular sweep', async () => {
    const { fired, done, stop } = sweeping([
      { recordedMs: 0, dueMs: -5_000 },
      { recordedMs: 0, dueMs: 7_000 },
      { recordedMs: 0, dueMs: 61_500 },
    ]);
    await done;
    await stop();
    expect(fired.map(({ ms }) => ms)).toEqual([0, 7_000, 61_500]);
  });

  it('R-026 a policy that takes effect 60 s after it is recorded is felt at that instant', async () => {
    const { fired, done, stop } = sweeping([{ recordedMs: 1, dueMs: 60_501 }]);
    await done;
    await stop();
    expect(fired).toEqual([{ ms: 60_501, deadlineId: '0' }]);
  });

  it('without a due that is near the sweeps are 30 s apart; one that the view still shows makes none sooner', async () => {
    const { pauses, done, stop } = sweeping([
      { recordedMs: 0, dueMs: 0 },
      { recordedMs: 0, dueMs: 100_000 },
    ]);
    await done;
    await stop();
    expect(pauses.slice(0, 4)).toEqual([SWEEP_EVERY_MS, SWEEP_EVERY_MS, SWEEP_EVERY_MS, 10_000]);
  });

  describe('while the view does not answer', () => {
    const away = () => new Problem({ kind: 'unavailable', detail: 'nobody serves it' });
    /** Alerts with the failures in a row that each tells; `fails` says what each sweep meets. */
    async function alerts(fails: readonly (Error | undefined)[]): Promise<unknown[]> {
      const told: unknown[] = [];
      const left = [...fails];
      let resolve = (): void => undefined;
      const done = new Promise<void>((end) => (resolve = end));
      let failed: Error | undefined;
      const runtime = {
        clock: { now: () => START },
        timers: {
          sleep: async (_ms: number, signal?: AbortSignal) => {
            if (left.length > 0) return;
            resolve();
            await new Promise<void>((woken) => signal?.addEventListener('abort', () => woken()));
          },
        },
        alert: (_alert: string, facts: { failures: number }) => told.push(facts.failures),
      } as unknown as ServiceRuntime;
      const deadlines = {
        // A sweep asks twice: what is due, and what is next.
        due: async () => {
          failed = left.shift();
          if (failed !== undefined) throw failed;
          return [];
        },
      };
      const sweeper = new DeadlineSweeper(runtime, {} as StandingReviews, deadlines);
      sweeper.start();
      await done;
      await sweeper.stop();
      return told;
    }

    it('nothing is told in the minute in which everything starts, then it is', async () => {
      expect(await alerts(Array.from({ length: 13 }, away))).toEqual([12, 13]);
    });

    it('the third failure in a row is told once a sweep has gone well, or where nobody is away', async () => {
      expect(await alerts([undefined, undefined, away(), away(), away()])).toEqual([3]);
      expect(await alerts([new Error('a'), new Error('b'), new Error('c')])).toEqual([3]);
    });
  });
});
