import { describe, expect, it } from '@jest/globals';
import type { ServiceRuntime } from '@rapport/event-sourcing';
import { Unanswered } from '@rapport/messaging';
import { Problem, toInstant } from '@rapport/platform';
import type { StandingReviews } from '../standingReview/standingReviews.ts';
import { DeadlineSweeper } from './deadlineSweeper.ts';
import type { DueDeadline } from './dueDeadlines.ts';

const START = Date.parse('2026-03-10T02:00:00.000Z');

/** Sweeps over customers whose reviews are due one after the other; those of who is `failing` cannot be recorded. */
function sweeping(customers: readonly string[], failing: (customerId: string) => boolean, failure: Problem) {
  const reviewed = new Set<string>();
  let tried = 0;
  const runtime = {
    tenant: 'main',
    clock: { now: () => START },
    assertActor: async () => 'assertion',
  } as unknown as ServiceRuntime;
  const reviews = {
    review: async (customerId: string) => {
      tried += 1;
      if (failing(customerId)) throw failure;
      reviewed.add(customerId);
    },
  } as unknown as StandingReviews;
  const deadlines = {
    due: async (_before: string, limit: number): Promise<DueDeadline[]> =>
      customers
        .map((customerId, n) => ({
          deadlineId: `deadline-${n}`,
          customerId,
          generation: 1,
          due: toInstant(START - 1_000 + n),
        }))
        .filter(({ customerId }) => !reviewed.has(customerId))
        .slice(0, limit),
  };
  return { reviewed, tried: () => tried, sweeper: new DeadlineSweeper(runtime, reviews, deadlines) };
}

describe('reviews that cannot be recorded', () => {
  const customers = Array.from({ length: 40 }, (_, n) => `customer-${n}`);

  it('R-026 keep nobody else waiting, and are told', async () => {
    // As where the key store is older than the log: those customers' amounts cannot be opened.
    const lost = new Problem({ kind: 'unavailable', detail: 'Amounts cannot be opened right now.' });
    const { reviewed, sweeper } = sweeping(customers, (id) => customers.indexOf(id) < 16, lost);
    for (let sweeps = 0; sweeps < 3; sweeps += 1) await expect(sweeper.sweep()).rejects.toBe(lost);
    expect([...reviewed]).toEqual(customers.slice(16));
  });

  it('are not tried one after the other while the ledger does not answer', async () => {
    const away = new Unanswered('The ledger does not answer.');
    const { tried, sweeper } = sweeping(customers, () => true, away);
    await expect(sweeper.sweep()).rejects.toBe(away);
    expect(tried()).toBe(16);
  });
});
