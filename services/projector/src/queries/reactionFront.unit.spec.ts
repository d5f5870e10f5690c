import { describe, expect, it } from '@jest/globals';
import {
  event,
  ledgerEvents,
  profileEvents,
  STANDING_REACTION,
  type RecordedEvent,
} from '@rapport/contracts';
import fc from 'fast-check';
import { recorded } from '../testing/folding.ts';
import { ReactionFront } from './reactionFront.ts';

const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const trigger = (position: number): RecordedEvent =>
  recorded(
    event(profileEvents.PurchaseRecorded, {
      customerId,
      purchaseId: customerId,
      purchasedOn: '2026-03-01',
      product: '实施服务',
      amount: { amount: '1.00', currency: 'CNY', cny: '1.00' },
    }),
    { position },
  );
const other = (position: number): RecordedEvent =>
  recorded(event(profileEvents.ContactLeft, { customerId, contactId: customerId, leftOn: '2026-03-01' }), {
    position,
  });
const advanced = (
  position: number,
  throughPosition: number,
  reaction: string = STANDING_REACTION.name,
): RecordedEvent =>
  recorded(
    event(ledgerEvents.ReactionAdvanced, {
      reaction,
      version: 1,
      throughPosition,
      throughIndex: throughPosition,
    }),
    {
      position,
    },
  );

/** Where a wait stands: undefined while it waits. */
async function settledAt(settlement: Promise<number | undefined>): Promise<number | undefined> {
  return Promise.race([settlement, Promise.resolve(undefined)]);
}

describe('waiting for what follows from an event', () => {
  it('R-026 a wait for a purchase lasts until the tier that follows from it is recorded', async () => {
    const front = new ReactionFront();
    front.startAt(-1);
    const settlement = front.settlement(0);
    front.observe([trigger(0)]);
    expect(await settledAt(settlement)).toBeUndefined();
    front.observe([other(1), advanced(2, 0)]);
    expect(await settlement).toBe(2);
  });

  it('does not wait for what nothing follows from', async () => {
    const front = new ReactionFront();
    front.startAt(-1);
    front.observe([other(0), trigger(1)]);
    expect(await front.settlement(0)).toBe(0);
  });

  it('waits for nothing from before it began to follow', async () => {
    const front = new ReactionFront();
    front.startAt(41);
    expect(await front.settlement(41)).toBe(41);
  });

  it('is given up when nobody wants it any more: the position may never come', async () => {
    const front = new ReactionFront();
    front.startAt(-1);
    const giveUp = new AbortController();
    const settlement = front.settlement(7, giveUp.signal);
    expect(await settledAt(settlement)).toBeUndefined();
    giveUp.abort();
    expect(await settlement).toBeUndefined();
  });

  it('is not misled by how far another reaction has come', async () => {
    const front = new ReactionFront();
    front.startAt(-1);
    front.observe([trigger(0), advanced(1, 0, 'recall')]);
    expect(await settledAt(front.settlement(0))).toBeUndefined();
  });

  it('R-026 never resolves before the reaction has passed every trigger up to the position, nor forgets a wait', async () => {
    const log = fc.array(fc.constantFrom('trigger', 'other', 'advance'), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(log, fc.array(fc.nat(29), { maxLength: 6 }), fc.nat(29), async (kinds, asked, cut) => {
        const front = new ReactionFront();
        front.startAt(-1);
        // The reaction has always reacted to everything before its record.
        const events = kinds.map((kind, position) => {
          if (kind === 'trigger') return trigger(position);
          return kind === 'other' ? other(position) : advanced(position, position - 1);
        });
        const waits = asked.map((position) => ({ position, settlement: front.settlement(position) }));
        const passed = (position: number, seen: number): boolean => {
          const last = kinds.slice(0, position + 1).lastIndexOf('trigger');
          return seen >= position && (last === -1 || kinds.slice(last, seen + 1).includes('advance'));
        };
        const check = async (seen: number): Promise<void> => {
          for (const { position, settlement } of waits) {
            const settled = await settledAt(settlement);
            expect(settled !== undefined).toBe(passed(position, seen));
            if (settled !== undefined) {
              expect(settled).toBeGreaterThanOrEqual(position);
              const last = kinds.slice(0, position + 1).lastIndexOf('trigger');
              if (last !== -1) expect(kinds.slice(last, settled + 1)).toContain('advance');
            }
          }
        };
        const at = Math.min(cut, events.length - 1);
        front.observe(events.slice(0, at + 1));
        await check(at);
        front.observe(events.slice(at + 1));
        await check(events.length - 1);
      }),
      { numRuns: 200 },
    );
  });

  it('R-026 one who asks late also learns where what follows is recorded', async () => {
    const front = new ReactionFront();
    front.startAt(-1);
    front.observe([trigger(0), other(1), advanced(2, 0)]);
    expect(await front.settlement(0)).toBe(2);
  });
});
