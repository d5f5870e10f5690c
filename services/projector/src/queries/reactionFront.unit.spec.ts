import { describe, expect, it } from '@jest/globals';
import {
  event,
  ledgerEvents,
  parkingEvents,
  profileEvents,
  STANDING_REACTION,
  type CurrentEvent,
  type UnreadableEvent,
} from '@rapport/contracts';
import fc from 'fast-check';
import { recorded } from '../testing/folding.ts';
import { ReactionFront } from './reactionFront.ts';

const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const otherId = '0f5a7f6e-0000-5000-8000-000000000002';
const trigger = (position: number, of = customerId): CurrentEvent =>
  recorded(
    event(profileEvents.PurchaseRecorded, {
      customerId: of,
      purchaseId: of,
      purchasedOn: '2026-03-01',
      product: '实施服务',
      amount: { amount: '1.00', currency: 'CNY', cny: '1.00' },
    }),
    { position },
  );
const policy = (position: number): CurrentEvent =>
  recorded(
    event(ledgerEvents.PolicyChanged, {
      policy: 'tiering',
      version: 2,
      effectiveFrom: '2026-03-01T00:00:00.000Z',
      value: {},
    }),
    { position, stream: 'policy-tiering' },
  );
const other = (position: number): CurrentEvent =>
  recorded(event(profileEvents.ContactLeft, { customerId, contactId: customerId, leftOn: '2026-03-01' }), {
    position,
  });
const advanced = (
  position: number,
  throughPosition: number,
  { reaction = STANDING_REACTION.name as string, parked = [] as readonly string[] } = {},
): CurrentEvent =>
  recorded(
    event(ledgerEvents.ReactionAdvanced, {
      reaction,
      version: 1,
      throughPosition,
      throughIndex: throughPosition,
      parked: parked.map((key) => ({ key, stream: `customer-${key}`, revision: 0, reason: 'conflict' })),
    }),
    {
      position,
    },
  );

const parkedKey = (position: number, key: string, owner = 'reaction/standing-1'): CurrentEvent =>
  recorded(
    event(parkingEvents.KeyParked, {
      owner,
      key,
      stream: `customer-${key}`,
      reason: 'RangeError',
      attempt: 1,
      retryAt: '2026-03-10T02:01:00.000Z',
    }),
    { position },
  );

/** Where a wait stands: undefined while it waits. */
async function settledAt(settlement: Promise<number | undefined>): Promise<number | undefined> {
  return Promise.race([settlement, Promise.resolve(undefined)]);
}

describe('waiting for what follows from an event', () => {
  it('R-026 a wait for a purchase lasts until the tier that follows from it is recorded', async () => {
    const front = new ReactionFront();
    front.startAt(-1);
    const settlement = front.settlement(0, undefined);
    front.observe([trigger(0)]);
    expect(await settledAt(settlement)).toBeUndefined();
    front.observe([other(1), advanced(2, 0)]);
    expect(await settlement).toBe(2);
  });

  it('does not wait for what nothing follows from', async () => {
    const front = new ReactionFront();
    front.startAt(-1);
    front.observe([other(0), trigger(1)]);
    expect(await front.settlement(0, undefined)).toBe(0);
  });

  it('waits for nothing from before it began to follow', async () => {
    const front = new ReactionFront();
    front.startAt(41);
    expect(await front.settlement(41, undefined)).toBe(41);
  });

  it('is given up when nobody wants it any more: the position may never come', async () => {
    const front = new ReactionFront();
    front.startAt(-1);
    const giveUp = new AbortController();
    const settlement = front.settlement(7, undefined, giveUp.signal);
    expect(await settledAt(settlement)).toBeUndefined();
    giveUp.abort();
    expect(await settlement).toBeUndefined();
  });

  it('is not misled by how far another reaction has come', async () => {
    const front = new ReactionFront();
    front.startAt(-1);
    front.observe([trigger(0), advanced(1, 0, { reaction: 'recall' })]);
    expect(await settledAt(front.settlement(0, undefined))).toBeUndefined();
  });

  it('a question about one customer waits for that customer’s triggers only, a list for all', async () => {
    const front = new ReactionFront();
    front.startAt(-1);
    front.observe([trigger(0, otherId), other(1)]);
    expect(await settledAt(front.settlement(1, customerId))).toBe(1);
    expect(await settledAt(front.settlement(1, otherId))).toBeUndefined();
    expect(await settledAt(front.settlement(1, undefined))).toBeUndefined();
  });

  it('a policy concerns every customer', async () => {
    const front = new ReactionFront();
    front.startAt(-1);
    front.observe([policy(0)]);
    const settlement = front.settlement(0, customerId);
    expect(await settledAt(settlement)).toBeUndefined();
    front.observe([advanced(1, 0)]);
    expect(await settlement).toBe(1);
  });

  it('an event that cannot be read keeps nobody waiting, and misleads nobody', async () => {
    const front = new ReactionFront();
    front.startAt(-1);
    const unreadable = ({ id, position, index, stream, revision, type }: CurrentEvent): UnreadableEvent => ({
      unreadable: 'unknown-version',
      id,
      position,
      index,
      stream,
      revision,
      type,
      version: 99,
    });
    front.observe([unreadable(trigger(0)), trigger(1), unreadable(advanced(2, 1))]);
    expect(await settledAt(front.settlement(0, customerId))).toBe(0);
    expect(await settledAt(front.settlement(2, customerId))).toBeUndefined();
  });

  it('a key that the reaction has parked by itself keeps nobody waiting; a later trigger is waited for', async () => {
    const front = new ReactionFront();
    front.startAt(-1);
    front.observe([trigger(0), trigger(1, otherId)]);
    front.observe([parkedKey(2, customerId, 'campaign/standing-policies')]);
    expect(await settledAt(front.settlement(0, customerId))).toBeUndefined();
    front.observe([parkedKey(3, customerId)]);
    expect(await front.settlement(0, customerId)).toBeDefined();
    expect(await settledAt(front.settlement(1, otherId))).toBeUndefined();
    expect(await settledAt(front.settlement(1, undefined))).toBeUndefined();
    front.observe([advanced(4, 1), trigger(5)]);
    expect(await front.settlement(1, undefined)).toBe(4);
    expect(await settledAt(front.settlement(5, customerId))).toBeUndefined();
    front.observe([advanced(6, 5)]);
    expect(await front.settlement(5, customerId)).toBe(6);
  });

  it('keys that the reaction of a former release has parked keep nobody waiting, until it reacts again', async () => {
    const front = new ReactionFront();
    front.startAt(-1);
    front.observe([trigger(0), trigger(1, otherId), policy(2), trigger(3), trigger(4, otherId)]);
    const waits = [customerId, otherId, undefined].map((of) => front.settlement(4, of));
    front.observe([advanced(5, 0, { parked: [customerId, 'policy-tiering'] })]);
    expect(await settledAt(waits[0]!)).toBe(5);
    expect(await settledAt(waits[1]!)).toBeUndefined();
    expect(await settledAt(waits[2]!)).toBeUndefined();
    front.observe([trigger(6), advanced(7, 4, { parked: [customerId] })]);
    expect(await Promise.all(waits)).toEqual([5, 7, 7]);
    expect(await settledAt(front.settlement(6, undefined))).toBe(7);
    front.observe([advanced(8, 6), trigger(9)]);
    expect(await settledAt(front.settlement(9, customerId))).toBeUndefined();
  });

  it('R-026 never resolves before the reaction has passed every trigger that is waited for, nor forgets a wait', async () => {
    const kind = fc.constantFrom('own', 'others', 'policy', 'nothing', 'advance');
    const question = fc.record({
      position: fc.nat(29),
      of: fc.constantFrom(customerId, otherId, undefined),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(kind, { minLength: 1, maxLength: 30 }),
        fc.array(question, { maxLength: 6 }),
        fc.nat(29),
        async (kinds, asked, cut) => {
          const front = new ReactionFront();
          front.startAt(-1);
          // The reaction has always reacted to everything before its record.
          const events = kinds.map((what, position) => {
            if (what === 'own') return trigger(position);
            if (what === 'others') return trigger(position, otherId);
            if (what === 'policy') return policy(position);
            return what === 'nothing' ? other(position) : advanced(position, position - 1);
          });
          const waits = asked.map(({ position, of }) => ({
            position,
            of,
            settlement: front.settlement(position, of),
          }));
          const lastTrigger = (position: number, of: string | undefined): number =>
            kinds
              .slice(0, position + 1)
              .findLastIndex((what) =>
                what === 'own' ? of !== otherId : what === 'others' ? of !== customerId : what === 'policy',
              );
          const check = async (seen: number): Promise<void> => {
            for (const { position, of, settlement } of waits) {
              const at = await settledAt(settlement);
              const last = lastTrigger(position, of);
              const passed = last === -1 || kinds.slice(last, seen + 1).includes('advance');
              expect(at !== undefined).toBe(seen >= position && passed);
              if (at === undefined) continue;
              expect(at).toBeGreaterThanOrEqual(position);
              if (last !== -1) expect(kinds.slice(last, at + 1)).toContain('advance');
            }
          };
          const at = Math.min(cut, events.length - 1);
          front.observe(events.slice(0, at + 1));
          await check(at);
          front.observe(events.slice(at + 1));
          await check(events.length - 1);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('R-026 one who asks late also learns where what follows is recorded', async () => {
    const front = new ReactionFront();
    front.startAt(-1);
    front.observe([trigger(0), other(1), advanced(2, 0)]);
    expect(await front.settlement(0, undefined)).toBe(2);
  });
});
