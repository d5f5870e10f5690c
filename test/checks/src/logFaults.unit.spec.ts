import { describe, expect, it } from '@jest/globals';
import { faultsOf } from './logFaults.ts';
import type { StoredEvent } from './storedEvent.ts';

const event = (index: number, stream: string, revision: number, id = `id-${index}`): StoredEvent => ({
  index,
  id,
  type: 'crm.tickets.TicketOpened',
  stream,
  revision,
  actor: 'actor',
  commandId: `command-${index}`,
  occurredAt: '2026-03-01T00:00:00.000Z',
  recordedAt: '2026-03-01T00:00:00.000Z',
  origin: 'live',
  data: {},
});

describe('a log that is whole', () => {
  const whole = [event(0, 'a', 0), event(1, 'b', 0), event(2, 'a', 1)];

  it('has no faults', () => {
    expect(faultsOf(whole)).toEqual([]);
  });

  it.each([
    ['an index left out', [whole[0]!, whole[2]!], /index 2 follows 0/],
    ['a revision left out', [whole[0]!, event(1, 'a', 2)], /a: revision 2 follows 0/],
    ['a revision twice', [whole[0]!, event(1, 'a', 0)], /a: revision 0 follows 0/],
    ['an event twice', [whole[0]!, event(1, 'b', 0, 'id-0')], /event id-0 stands twice, .* index 1/],
  ])('is not one with %s', (_what, log, fault) => {
    expect(faultsOf(log)).toEqual([expect.stringMatching(fault)]);
  });

  it('tells the first of many faults, and how many more there are', () => {
    const broken = Array.from({ length: 50 }, (_, n) =>
      event(n, 'a', n + (n > 9 ? 1 : 0), n > 9 ? 'same' : `id-${n}`),
    );
    const faults = faultsOf(broken);
    expect(faults).toHaveLength(21);
    expect(faults.at(-1)).toBe('and 20 more');
  });
});
