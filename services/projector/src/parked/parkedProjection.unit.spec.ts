import { describe, expect, it } from '@jest/globals';
import { deadlineEvents, event, parkedKeyId, parkingEvents, type DomainEvent } from '@rapport/contracts';
import { documentsOf, inStream } from '../testing/folding.ts';
import { parkedProjection } from './parkedProjection.ts';

const deadlineId = '0f5a7f6e-0000-5000-8000-000000000002';
const failed = (owner: string, key: string, attempt = 1) =>
  event(parkingEvents.KeyParked, {
    owner,
    key,
    stream: 'customer-1',
    reason: 'TypeError',
    attempt,
    retryAt: `2026-04-0${attempt}T00:00:00.000Z`,
  });
const of = (owner: string, key: string) => ({ owner, key });
const settled = (generation: number) => ({
  deadline: 'respond',
  deadlineId,
  generation,
  due: '2026-04-01T00:00:00.000Z',
});
const waiting = (...events: DomainEvent[]) => documentsOf(parkedProjection, inStream('parking-1', ...events));

describe('parked keys', () => {
  const owner = 'reaction/standing-1';

  it('wait since they first failed, for their next try', () => {
    const id = parkedKeyId(owner, 'a');
    const keys = waiting(failed(owner, 'a'), failed(owner, 'a', 2));
    expect([...keys]).toEqual([
      [
        id,
        {
          id,
          owner,
          key: 'a',
          stream: 'customer-1',
          reason: 'TypeError',
          attempt: 2,
          retryAt: '2026-04-02T00:00:00.000Z',
          since: '2026-03-10T00:00:00.000Z',
        },
      ],
    ]);
  });

  it('are tried when an operator says so, and gone when they are up to date', () => {
    const retry = event(parkingEvents.KeyRetryRequested, {
      ...of(owner, 'a'),
      retryAt: '2026-03-11T00:00:00.000Z',
    });
    const unparked = event(parkingEvents.KeyUnparked, of(owner, 'a'));
    expect([...waiting(failed(owner, 'a', 3), retry).values()]).toMatchObject([
      { attempt: 3, retryAt: '2026-03-11T00:00:00.000Z' },
    ]);
    expect(waiting(failed(owner, 'a'), failed(owner, 'b'), unparked).size).toBe(1);
    expect(waiting(retry).size).toBe(0);
  });

  it('a due is parked no more once its deadline’s own event says what became of it', () => {
    const due = failed('deadlines/test', `${deadlineId}/1`);
    expect(waiting(due).size).toBe(1);
    expect(waiting(due, event(deadlineEvents.DeadlineFired, settled(1))).size).toBe(0);
    expect(waiting(due, event(deadlineEvents.DeadlineCancelled, settled(1))).size).toBe(0);
    const again = event(deadlineEvents.DeadlineScheduled, { ...settled(2), clause: 'R-062' });
    expect(waiting(due, again).size).toBe(0);
    expect(waiting(due, event(deadlineEvents.DeadlineFired, settled(2))).size).toBe(1);
  });
});
