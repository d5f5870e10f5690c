import { describe, expect, it } from '@jest/globals';
import { event, ticketEvents, type Tier } from '@rapport/contracts';
import fc from 'fast-check';
import { documentsOf, inStream, recorded } from '../testing/folding.ts';
import { ticketsProjection, type TicketDocument } from './ticketsProjection.ts';

const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const ticketId = '0f5a7f6e-0000-5000-8000-000000000002';
const stream = `ticket-${ticketId}`;
const ids = { customerId, ticketId };
type Level = 'L1' | 'L2' | 'L3';

function opened(tier: Tier = 'B', level: Level = 'L3', id = ticketId) {
  return event(ticketEvents.TicketOpened, {
    customerId,
    ticketId: id,
    kind: 'support',
    category: 'other',
    level,
    channel: 'phone',
    subject: '系统数据同步异常',
    complex: level !== 'L3',
    message: '请尽快处理',
    tier: { value: tier, index: 7 },
  });
}
const acknowledged = (level: Level) =>
  event(ticketEvents.TicketAcknowledged, { ...ids, level, category: 'quality' });
const responded = event(ticketEvents.TicketResponded, { ...ids, responseId: customerId, text: '正在处理' });
const resolved = event(ticketEvents.TicketResolved, { ...ids, solution: '已修复' });
const visited = event(ticketEvents.ReturnVisitRecorded, {
  ...ids,
  visitedAt: '2026-03-10T01:00:00.000Z',
  opinion: '满意',
  satisfaction: 5,
});
const closed = event(ticketEvents.TicketClosed, ids);
const reopened = event(ticketEvents.TicketReopened, { ...ids, reason: '又出现了' });

function ticketAfter(
  ...events: Parameters<typeof inStream> extends [string, ...infer Rest] ? Rest : never
): TicketDocument {
  return documentsOf(ticketsProjection, inStream(stream, ...events)).get(ticketId)!;
}

describe('the ticket queue', () => {
  it('R-070 shows a new ticket with what it is about, and not what was said', () => {
    const ticket = ticketAfter(opened());
    expect(ticket).toEqual({
      id: ticketId,
      customerId,
      kind: 'support',
      category: 'other',
      level: 'L3',
      channel: 'phone',
      subject: '系统数据同步异常',
      complex: false,
      tier: 'B',
      tierIndex: 7,
      state: 'open',
      open: true,
      queue: '1-L3-2026-03-10T00:00:00.000Z',
      openedAt: '2026-03-10T00:00:00.000Z',
      responses: 0,
      revision: 0,
    });
  });

  it('R-060 takes level and category from the acknowledgement', () => {
    const ticket = ticketAfter(opened('B', 'L3'), acknowledged('L1'));
    expect(ticket).toMatchObject({
      state: 'acknowledged',
      level: 'L1',
      category: 'quality',
      acknowledgedAt: '2026-03-10T01:00:00.000Z',
      queue: '1-L1-2026-03-10T00:00:00.000Z',
      revision: 1,
    });
  });

  it('R-062 an answer meets the acknowledgement too, the first one counts, and every one is counted', () => {
    const ticket = ticketAfter(opened(), responded, responded);
    expect(ticket).toMatchObject({
      state: 'responded',
      responses: 2,
      acknowledgedAt: '2026-03-10T01:00:00.000Z',
      respondedAt: '2026-03-10T01:00:00.000Z',
      revision: 2,
    });
  });

  it('R-064 a solution meets every earlier milestone, and a later answer does not unsolve it', () => {
    const ticket = ticketAfter(opened(), resolved, responded);
    expect(ticket).toMatchObject({
      state: 'resolved',
      open: true,
      responses: 1,
      acknowledgedAt: '2026-03-10T01:00:00.000Z',
      respondedAt: '2026-03-10T01:00:00.000Z',
      resolvedAt: '2026-03-10T01:00:00.000Z',
    });
  });

  it('R-074 keeps the satisfaction of the return visit; closing takes the ticket out of the queue', () => {
    expect(ticketAfter(opened(), resolved, visited)).toMatchObject({
      state: 'resolved',
      open: true,
      satisfaction: 5,
    });
    expect(ticketAfter(opened(), resolved, visited, closed)).toMatchObject({
      state: 'closed',
      open: false,
      closedAt: '2026-03-10T03:00:00.000Z',
    });
  });

  it('R-074 a reopened ticket is back in its place in the queue, to be solved and visited again', () => {
    const ticket = ticketAfter(opened('A', 'L2'), responded, resolved, visited, closed, reopened);
    expect(ticket).toMatchObject({
      state: 'responded',
      open: true,
      responses: 1,
      respondedAt: '2026-03-10T01:00:00.000Z',
      reopenedAt: '2026-03-10T05:00:00.000Z',
      queue: '0-L2-2026-03-10T00:00:00.000Z',
      revision: 5,
    });
    for (const gone of ['resolvedAt', 'visitedAt', 'closedAt']) expect(ticket).not.toHaveProperty(gone);
  });

  it('R-069 serves tier A first, then the level, then the oldest', () => {
    const tiers = ['A', 'B', 'C', 'prospect'] as const;
    const levels = ['L1', 'L2', 'L3'] as const;
    const arbitrary = fc.record({
      tier: fc.nat(3),
      level: fc.nat(2),
      minute: fc.nat(59),
      id: fc.uuid({ version: 5 }),
    });
    fc.assert(
      fc.property(fc.uniqueArray(arbitrary, { selector: ({ id }) => id, maxLength: 12 }), (waiting) => {
        const events = waiting.map(({ tier, level, minute, id }, index) =>
          recorded(opened(tiers[tier], levels[level], id), {
            index,
            stream: `ticket-${id}`,
            occurredAt: `2026-03-10T00:${String(minute).padStart(2, '0')}:00.000Z`,
          }),
        );
        const queue = [...documentsOf(ticketsProjection, events).values()].sort((a, b) =>
          a.queue < b.queue ? -1 : 1,
        );
        const place = ({ id }: TicketDocument): number => {
          const { tier, level, minute } = waiting.find((one) => one.id === id)!;
          return (tier * 3 + level) * 60 + minute;
        };
        const places = queue.map(place);
        expect(places).toEqual(places.toSorted((a, b) => a - b));
      }),
      { numRuns: 60 },
    );
  });

  it('makes nothing of a ticket whose opening it has not seen', () => {
    expect(ticketsProjection.fold(undefined, recorded(responded), ticketId)).toBeUndefined();
  });
});
