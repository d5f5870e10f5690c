import { describe, expect, it } from '@jest/globals';
import { EVENTS, event, ledgerEvents, ticketEvents } from '@rapport/contracts';
import fc from 'fast-check';
import { documentsOf, recorded, sealed } from '../testing/folding.ts';
import { entryKey, timelineProjection } from './timelineProjection.ts';

const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const ticketId = '0f5a7f6e-0000-5000-8000-000000000002';
const responded = {
  type: ticketEvents.TicketResponded.type,
  data: { customerId, ticketId, responseId: ticketId, text: sealed('customer', customerId) },
};

describe('the timeline of a customer', () => {
  it('has one entry an event, in business time, and says nothing of what was said', () => {
    const entry = documentsOf(timelineProjection, [
      recorded(responded, { index: 12, stream: `ticket-${ticketId}`, origin: 'import' }),
    ]).get(entryKey(12))!;
    expect(entry).toEqual({
      customerId,
      occurredAt: '2026-03-10T02:00:00.000Z',
      stream: `ticket-${ticketId}`,
      revision: 12,
    });
  });

  it('takes in the events of every context that concern a customer', () => {
    const contexts = new Set(timelineProjection.types.map((type) => type.split('.')[1]));
    expect([...contexts].sort()).toEqual(['interactions', 'profiles', 'risk', 'satisfaction', 'tickets']);
    for (const type of timelineProjection.types)
      expect(EVENTS.get(type)!.plain.properties).toHaveProperty('customerId');
  });

  it('passes over what is not counted and what concerns no customer', () => {
    expect(timelineProjection.keys({ ...recorded(responded), index: null })).toEqual([]);
    const advanced = { reaction: 'standing', version: 1, throughPosition: 3, throughIndex: 3 };
    expect(timelineProjection.keys(recorded(event(ledgerEvents.ReactionAdvanced, advanced)))).toEqual([]);
  });

  it('keys sort as the indexes do', () => {
    const index = fc.nat({ max: Number.MAX_SAFE_INTEGER });
    fc.assert(fc.property(index, index, (a, b) => entryKey(a) < entryKey(b) === a < b));
  });
});
