import { describe, expect, it } from '@jest/globals';
import { defaultVersion, RFM, STANDING_REACTION, TIERING, type CurrentEvent } from '@rapport/contracts';
import { foldGolden, goldenCodec, goldenEvents } from '@rapport/event-sourcing/golden';
import { toMillis } from '@rapport/platform';
import { testCaches } from '@rapport/platform/testing';
import { customerDecider } from './customer/customerDecider.ts';
import { personDecider } from './person/personDecider.ts';
import { purchasesDecider } from './purchases/purchasesDecider.ts';
import { ReviewAfterEvents } from './reactions/reviewAfterEvents.ts';
import { standingDecider } from './standingReview/standingDecider.ts';
import { StandingKnowledge } from './standingReview/standingKnowledge.ts';

const events = goldenEvents();
const { customerId } = goldenEvents('purchases')[0]! as { readonly customerId: string };

describe('events that were ever shipped', () => {
  it('are folded by customers, persons, purchases and standings', () => {
    expect(foldGolden('customer', customerDecider)).toBeGreaterThan(0);
    expect(foldGolden('person', personDecider)).toBeGreaterThan(0);
    expect(foldGolden('purchases', purchasesDecider)).toBeGreaterThan(0);
    expect(foldGolden('standing', standingDecider)).toBeGreaterThan(0);
  });

  it('are known to the review of a standing, which decides on them', async () => {
    // It reads whole streams: in the order of the definitions, each event after the one before.
    const readStream = async (stream: string, from: number): Promise<readonly CurrentEvent[]> =>
      events
        .filter((event) => event.stream === stream)
        .map((event, revision) => ({ ...event, revision }))
        .slice(from);
    const codec = goldenCodec();
    const asStored = (id: string) => events.find((event) => event.id === id)!;
    const knowledge = new StandingKnowledge(
      { readStream },
      { open: ({ id }, paths) => codec.open(asStored(id), paths) },
      testCaches(),
      { sleep: async () => undefined },
    );
    const { changes, checks } = await knowledge.stored(customerId);
    expect(new Set([...changes].map(({ kind }) => kind))).toEqual(
      new Set(['registered', 'purchase', 'voided', 'flagged', 'unflagged']),
    );
    const policies = { tiering: [defaultVersion(TIERING)], rfm: [defaultVersion(RFM)] };
    const context = {
      now: toMillis('2026-04-01T00:00:00.000Z'),
      commandId: customerId,
      actor: { id: 'system-standing', roles: ['system'] },
      origin: 'live' as const,
    };
    const command = { customerId, changes, checks, policies };
    expect(standingDecider.decide(command, standingDecider.initial, context)).toMatchObject({
      events: expect.any(Array),
    });
  });

  it('trigger the standing reaction, each for its customer or its policy', async () => {
    const reviewed: string[] = [];
    const reviews = { review: async (of: string) => void reviewed.push(of) };
    const begun: string[] = [];
    const buyers = { begin: async ({ id }: { readonly id: string }) => void begun.push(id) };
    const reaction = new ReviewAfterEvents(reviews as never, buyers as never);
    const triggers = events.filter(({ type }) => STANDING_REACTION.triggers.includes(type));
    expect(new Set(triggers.map(({ type }) => type))).toEqual(new Set(STANDING_REACTION.triggers));
    for (const trigger of triggers) {
      expect([trigger.customerId, trigger.stream]).toContain(reaction.key(trigger));
      await reaction.react(trigger, async () => ({}) as never);
    }
    expect(new Set(reviewed)).toEqual(new Set([customerId]));
    // Golden policies are of recording: no standing rests on them.
    expect(begun).toEqual([]);
  });
});
