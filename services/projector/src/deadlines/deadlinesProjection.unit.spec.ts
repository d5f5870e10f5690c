import { describe, expect, it } from '@jest/globals';
import { event, profileEvents } from '@rapport/contracts';
import { documentsOf, inStream } from '../testing/folding.ts';
import { deadlinesProjection } from './deadlinesProjection.ts';

const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const deadlineId = '0f5a7f6e-0000-5000-8000-000000000002';
const scheduled = (generation: number, due: string) =>
  event(profileEvents.StandingReviewScheduled, { customerId, deadlineId, generation, due, clause: 'R-026' });

describe('recorded dues', () => {
  it('R-026 a later generation of a deadline replaces the earlier: it fires once, at its latest due', () => {
    const dues = documentsOf(
      deadlinesProjection,
      inStream(
        `standing-${customerId}`,
        scheduled(1, '2026-04-01T00:00:00.000Z'),
        scheduled(2, '2026-07-01T00:00:00.000Z'),
      ),
    );
    expect([...dues.values()]).toEqual([
      { customerId, deadlineId, generation: 2, due: '2026-07-01T00:00:00.000Z', clause: 'R-026' },
    ]);
  });
});
