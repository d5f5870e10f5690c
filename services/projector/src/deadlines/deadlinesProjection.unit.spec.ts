import { describe, expect, it } from '@jest/globals';
import { deadlineEvents, event, parkingEvents, profileEvents, type DomainEvent } from '@rapport/contracts';
import { documentsOf, inStream } from '../testing/folding.ts';
import { deadlinesProjection } from './deadlinesProjection.ts';

const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const deadlineId = '0f5a7f6e-0000-5000-8000-000000000002';
const stream = `ticket-${customerId}`;
const APRIL = '2026-04-01T00:00:00.000Z';
const JULY = '2026-07-01T00:00:00.000Z';

const settled = (generation: number, due = APRIL) => ({
  deadline: 'respond',
  deadlineId,
  generation,
  due,
  customerId,
});
const scheduled = (generation: number, due = APRIL) =>
  event(deadlineEvents.DeadlineScheduled, { ...settled(generation, due), clause: 'R-062 RESPOND' });
const fired = (generation: number) => event(deadlineEvents.DeadlineFired, settled(generation));
const parked = (generation: number, owner = 'deadlines/test') =>
  event(parkingEvents.KeyParked, {
    owner,
    key: `${deadlineId}/${generation}`,
    stream,
    reason: 'TypeError',
    attempt: 1,
    retryAt: JULY,
  });
const retried = (generation: number) =>
  event(parkingEvents.KeyRetryRequested, {
    owner: 'deadlines/test',
    key: `${deadlineId}/${generation}`,
    retryAt: '2026-04-02T00:00:00.000Z',
  });
const dues = (...events: DomainEvent[]) => [
  ...documentsOf(deadlinesProjection, inStream(stream, ...events)).values(),
];

describe('recorded dues', () => {
  it('are there until they have fired, were skipped or are cancelled', () => {
    expect(dues(scheduled(1))).toEqual([
      {
        ...settled(1),
        stream,
        // The service that recorded it fires it.
        context: 'test',
        fireAt: APRIL,
        clause: 'R-062 RESPOND',
      },
    ]);
    expect(dues(scheduled(1), fired(1))).toEqual([]);
    expect(dues(scheduled(1), event(deadlineEvents.DeadlineCancelled, settled(1)))).toEqual([]);
    const skipped = event(deadlineEvents.DeadlineSkipped, { ...settled(1), reason: 'downtime' });
    expect(dues(scheduled(1), skipped)).toEqual([]);
    // An import's were never there.
    expect(dues(skipped)).toEqual([]);
  });

  it('a later generation of a deadline takes the place of the earlier: it fires once, at its latest due', () => {
    expect(dues(scheduled(1), scheduled(2, JULY))).toMatchObject([
      { generation: 2, due: JULY, fireAt: JULY },
    ]);
    expect(dues(scheduled(1), scheduled(2, JULY), fired(1))).toMatchObject([{ generation: 2 }]);
  });

  it('one that could not fire waits for its next try, with its true due', () => {
    expect(dues(scheduled(1), parked(1))).toMatchObject([{ due: APRIL, fireAt: JULY }]);
    expect(dues(scheduled(1), parked(1), retried(1))).toMatchObject([{ fireAt: '2026-04-02T00:00:00.000Z' }]);
    expect(dues(scheduled(1), parked(1), fired(1))).toEqual([]);
    // Of another schedule, another service or nothing that is due it says nothing.
    expect(dues(scheduled(2), parked(1))).toMatchObject([{ fireAt: APRIL }]);
    expect(dues(scheduled(1), parked(1, 'deadlines/other'))).toMatchObject([{ fireAt: APRIL }]);
    expect(dues(parked(1))).toEqual([]);
    expect(dues(scheduled(1), parked(1, 'reaction/standing-1'))).toMatchObject([{ fireAt: APRIL }]);
  });

  it('R-026 reviews recorded before the engine are dues too; the end of the calendar was none', () => {
    const review = (due: string, generation = 1) =>
      event(profileEvents.StandingReviewScheduled, {
        customerId,
        deadlineId,
        generation,
        due,
        clause: 'R-026',
      });
    expect(dues(review(APRIL))).toMatchObject([{ deadline: 'standing-review-scheduled', fireAt: APRIL }]);
    expect(dues(review(APRIL), review('9999-12-30T16:00:00.000Z', 2))).toEqual([]);
  });
});
