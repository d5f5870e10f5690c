import { describe, expect, it } from '@jest/globals';
import { FIGURES_REVIEW, profileEvents, TIERING, type DataOf, type DomainEvent } from '@rapport/contracts';
import { toInstant } from '@rapport/platform';
import {
  at,
  bought,
  change,
  customerId,
  policies,
  profile,
  purchases,
  registered,
  review,
} from '../testing/reviews.ts';
import type { StandingChange } from './standingChange.ts';
import { standingDecider, type ReviewCommand } from './standingDecider.ts';
import { evolveStanding, NO_STANDING, type StandingState } from './standingState.ts';

type FiguresChanged = DataOf<typeof profileEvents.CustomerFiguresChanged>;
const figuresOf = (events: readonly DomainEvent[]): readonly FiguresChanged['figures'][] =>
  events
    .filter(({ type }) => type === profileEvents.CustomerFiguresChanged.type)
    .map(({ data }) => (data as FiguresChanged).figures);

describe('the figures of a review', () => {
  const first = [registered(), bought('2026-03-10T10:00:00', '600000.00')];

  it('R-020 R-024 are recorded with every purchase, also where it changes neither tier nor segment', () => {
    const after = decided(NO_STANDING, review(...first), '2026-03-10T10:00:00', 1_001);
    const more = bought('2026-03-11T10:00:00', '9400000.00');
    const made = events(after, review(...first, more), '2026-03-11T10:00:00');
    expect(made).toHaveLength(1);
    expect(made).toContainEqual({
      ...made.find(({ type }) => type === profileEvents.CustomerFiguresChanged.type),
      policies: { tiering: 1, rfm: 1 },
      data: {
        customerId,
        effectiveAt: toInstant(at('2026-03-11T10:00:00')),
        until: toInstant(at('2027-03-10T00:00:00')),
        figures: {
          spend365dCny: '10000000.00',
          net365dCny: '10000000.00',
          purchases365d: 2,
          lastPurchaseOn: '2026-03-11',
        },
        scores: { frequency: 2, monetary: 5 },
        recencyDays: [30, 90, 180, 365],
        knownIndex: 2_000,
      },
    });
  });

  it('R-024 are not recorded again for as long as they hold, whatever else is reviewed', () => {
    const after = decided(NO_STANDING, review(...first), '2026-03-10T10:00:00', 1_001);
    expect(events(after, review(...first), '2027-03-09T23:59:59')).not.toContainEqual(
      expect.objectContaining({ type: profileEvents.CustomerFiguresChanged.type }),
    );
    const flagged = change('2026-03-12T10:00:00', {
      kind: 'flagged',
      designationId: 'd',
      validUntil: '2026-06-01',
    });
    expect(figuresOf(events(after, review(...first, flagged), '2026-03-12T10:00:00'))).toEqual([]);
  });

  it('R-020 change as a purchase leaves the window: at 00:00, which is when they are reviewed', () => {
    const midnight = at('2027-03-10T00:00:00');
    const { dues } = decide(NO_STANDING, review(...first), '2026-03-10T10:00:00');
    expect(dues![FIGURES_REVIEW]).toEqual([
      { name: FIGURES_REVIEW, at: midnight, clause: 'R-024', customerId, policies: { tiering: 1, rfm: 1 } },
    ]);
    const after = decided(NO_STANDING, review(...first), '2026-03-10T10:00:00', 1_001);
    const later = decide(after, review(...first), '2027-03-10T00:00:00');
    expect(figuresOf(later.events)).toEqual([
      { spend365dCny: '0.00', net365dCny: '0.00', purchases365d: 0, lastPurchaseOn: '2026-03-10' },
    ]);
    expect(later.dues![FIGURES_REVIEW]).toEqual([]);
  });

  it('R-026 are nothing where every purchase was voided, and none for a customer without purchases', () => {
    expect(figuresOf(events(NO_STANDING, review(registered()), '2026-03-10T10:00:00'))).toEqual([]);
    const after = decided(NO_STANDING, review(...first), '2026-03-10T10:00:00', 1_001);
    const { purchaseId } = first[1] as StandingChange & { purchaseId: string };
    const gone = change('2026-03-11T09:30:00', { kind: 'voided', purchaseId });
    expect(figuresOf(events(after, review(...first, gone), '2026-03-11T09:30:00'))).toEqual([
      { spend365dCny: '0.00', net365dCny: '0.00', purchases365d: 0 },
    ]);
  });

  it('R-026 follow a policy from the instant at which it takes effect', () => {
    const shorter = {
      ...policies.tiering[0]!,
      version: 2,
      effectiveFrom: toInstant(at('2026-07-01T09:30:00')),
      value: { ...TIERING.defaultValue, windowDays: 90 },
    };
    const command = {
      ...review(...first),
      policies: { ...policies, tiering: [...policies.tiering, shorter] },
    };
    const after = decided(NO_STANDING, review(...first), '2026-03-10T10:00:00', 1_001);
    const { dues } = decide(after, command, '2026-06-01T10:00:00');
    expect(dues![FIGURES_REVIEW]).toMatchObject([{ at: at('2026-07-01T09:30:00') }]);
    const made = events(after, command, '2026-07-01T09:30:00');
    expect(figuresOf(made)).toMatchObject([{ spend365dCny: '0.00', net365dCny: '600000.00' }]);
  });

  it('promise «nothing new is written until all can read it»: not while a release runs that knows none of them', () => {
    const former = (...known: StandingChange[]): ReviewCommand => ({
      ...review(...known),
      writeFormats: 'previous',
    });
    const made = decide(NO_STANDING, former(...first), '2026-03-10T10:00:00');
    expect(made.events.map(({ type }) => type)).not.toContain(profileEvents.CustomerFiguresChanged.type);
    expect(made.dues).toBeUndefined();
    // It takes a decision for one on everything recorded before it: so that is checked.
    expect(made.companions).toEqual([profile, ...purchases]);
    const more = bought('2026-03-11T10:00:00', '1.00');
    const after = decided(NO_STANDING, review(...first), '2026-03-10T10:00:00', 1_001);
    expect(figuresOf(events(after, former(...first, more), '2026-03-11T10:00:00'))).toHaveLength(1);
  });

  it('R-026 know nothing of a purchase that lies ahead of the clock, before time has come there', () => {
    const ahead = bought('2026-03-12T10:00:00', '1.00', false, '2026-03-11');
    const made = events(NO_STANDING, review(...first, ahead), '2026-03-11T10:00:00');
    expect(figuresOf(made)).toMatchObject([{ purchases365d: 1 }]);
    const after = decided(NO_STANDING, review(...first, ahead), '2026-03-11T10:00:00', 2_001);
    expect(after.figures!.knownIndex).toBe(1_000);
    expect(figuresOf(events(after, review(...first, ahead), '2026-03-12T10:00:00'))).toMatchObject([
      { purchases365d: 2 },
    ]);
  });

  it('histories from before figures were recorded have them after one review', () => {
    const { figures: _none, ...before } = decided(
      NO_STANDING,
      review(...first),
      '2026-03-10T10:00:00',
      1_001,
    );
    expect(figuresOf(events(before, review(...first), '2026-09-01T10:00:00'))).toMatchObject([
      { spend365dCny: '600000.00', lastPurchaseOn: '2026-03-10' },
    ]);
  });
});

function decide(state: StandingState, command: ReviewCommand, now: string) {
  const context = { now: at(now), commandId: '', actor: { id: 'a', roles: [] }, origin: 'live' as const };
  const decision = standingDecider.decide(command, state, context);
  if (!('events' in decision)) throw new TypeError('a review says what it checks');
  return decision;
}

function events(state: StandingState, command: ReviewCommand, now: string): readonly DomainEvent[] {
  return decide(state, command, now).events;
}

function decided(state: StandingState, command: ReviewCommand, now: string, index: number): StandingState {
  return events(state, command, now).reduce(
    (before, { type, data }) => evolveStanding(before, { type, data, index } as never),
    state,
  );
}
