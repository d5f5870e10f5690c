import { describe, expect, it } from '@jest/globals';
import { defaultVersion, profileEvents, RFM, TIERING, type DomainEvent } from '@rapport/contracts';
import { specification } from '@rapport/event-sourcing';
import { toInstant, toMillis } from '@rapport/platform';
import fc from 'fast-check';
import { parseFen } from '../standing/fen.ts';
import type { StandingChange } from './standingChange.ts';
import { reviewDeadlineId, standingDecider, type ReviewCommand } from './standingDecider.ts';
import { evolveStanding, NO_REVIEW, NO_STANDING, type StandingState } from './standingState.ts';

const customerId = '0f5a7f6e-0000-5000-8000-00000000000a';
const at = (text: string): number => toMillis(`${text}+08:00`);
const policies = { tiering: [defaultVersion(TIERING)], rfm: [defaultVersion(RFM)] };
const checks = [{ stream: `customer-${customerId}`, expectedRevision: 1, events: [] }];
const { given } = specification(standingDecider);

const change = (recordedAt: string, what: StandingChange['what'], imported = false): StandingChange => ({
  index: 0,
  recordedAt: at(recordedAt),
  imported,
  what,
});
const registered = (recordedAt = '2020-01-01T09:00:00'): StandingChange =>
  change(recordedAt, { kind: 'registered', firstCooperationOn: '2020-01-01' });
const bought = (
  recordedAt: string,
  amount: string,
  imported = false,
  purchasedOn = recordedAt.slice(0, 10),
): StandingChange =>
  change(
    recordedAt,
    {
      kind: 'purchase',
      purchaseId: `purchase of ${recordedAt} ${amount}`,
      purchase: { purchasedOn, amountFen: parseFen(amount), recordedAt: at(recordedAt) },
    },
    imported,
  );
/** Recorded in this order; indexes leave room for what reviews record in between. */
const review = (...changes: StandingChange[]): ReviewCommand => ({
  customerId,
  changes: changes.map((one, i) => ({ ...one, index: i * 1_000 })),
  policies,
  checks,
});

interface Changed {
  readonly from: string;
  readonly to: string;
  readonly effectiveAt: string;
}
const movesOf = (events: readonly DomainEvent[], definition: { type: string }): readonly string[] =>
  events
    .filter(({ type }) => type === definition.type)
    .map(({ data }) => {
      const { from, to, effectiveAt } = data as Changed;
      return `${from}→${to} ${toInstant(toMillis(effectiveAt) + 8 * 3_600_000).slice(0, 16)}`;
    });
const tiersOf = (events: readonly DomainEvent[]) => movesOf(events, profileEvents.CustomerTierChanged);
const dueOf = (events: readonly DomainEvent[]): string =>
  (
    events.findLast(({ type }) => type === profileEvents.StandingReviewScheduled.type)!.data as {
      due: string;
    }
  ).due;

describe('the review of a standing', () => {
  it('R-020 a prospect has no tier, and nothing is scheduled', () => {
    given().when(review(registered())).thenNothing();
  });

  it('R-026 a purchase lifts when it is recorded; the decision checks what it read, and says what it knew', () => {
    const purchase = bought('2026-03-10T10:00:00', '600000.00');
    given()
      .when(review(registered(), purchase), { now: '2026-03-10T10:00:05+08:00' })
      .thenDecision(({ events, companions }) => {
        expect(tiersOf(events)).toEqual(['prospect→A 2026-03-10T10:00']);
        expect(events[0]).toMatchObject({
          occurredAt: toInstant(at('2026-03-10T10:00:00')),
          policies: { tiering: 1 },
          data: { rule: 'R-020 spend band', knownIndex: 1_000, candidate: 'A' },
        });
        expect(events.at(-1)!.data).toMatchObject({
          deadlineId: reviewDeadlineId(customerId),
          generation: 1,
        });
        expect(companions).toBe(checks);
      });
  });

  it('R-026 changes of a time when nothing ran are recorded one by one, each at its own instant, in order', () => {
    given()
      .when(review(registered(), bought('2026-03-10T10:00:00', '600000.00')), {
        now: '2028-01-01T00:00:00+08:00',
      })
      .thenDecision(({ events }) => {
        expect(tiersOf(events)).toEqual(['prospect→A 2026-03-10T10:00', 'A→C 2027-07-01T00:00']);
        expect(movesOf(events, profileEvents.CustomerSegmentChanged)).toHaveLength(3);
        const effective = events.map(({ data }) => (data as Changed).effectiveAt);
        expect(effective).toEqual([...effective].sort());
        // Nothing is left to come.
        expect(events.some(({ type }) => type === profileEvents.StandingReviewScheduled.type)).toBe(false);
      });
  });

  it('R-026 what fell due before a purchase was recorded precedes it, and is decided without it', () => {
    const first = bought('2026-03-10T10:00:00', '600000.00');
    const second = bought('2027-07-02T10:00:00', '600000.00');
    given()
      .when(review(registered(), first, second), { now: '2027-07-02T10:00:01+08:00' })
      .thenDecision(({ events }) => {
        expect(tiersOf(events)).toEqual([
          'prospect→A 2026-03-10T10:00',
          'A→C 2027-07-01T00:00',
          'C→A 2027-07-02T10:00',
        ]);
        const [, fell] = events.filter(({ type }) => type === profileEvents.CustomerTierChanged.type);
        expect(fell!.data).toMatchObject({ knownIndex: 1_000 });
      });
  });

  it('R-026 a purchase recorded exactly when a downgrade is due is in time', () => {
    const second = bought('2027-07-01T00:00:00', '600000.00');
    given()
      .when(review(registered(), bought('2026-03-10T10:00:00', '600000.00'), second), {
        now: '2027-07-02T00:00:00+08:00',
      })
      .thenDecision(({ events }) => expect(tiersOf(events)).toEqual(['prospect→A 2026-03-10T10:00']));
  });

  it('R-026 a purchase recorded late changes the tier when it is recorded: the past is not rewritten', () => {
    const late = bought('2026-03-10T10:00:00', '600000.00', false, '2026-01-15');
    given()
      .when(review(registered(), bought('2026-01-10T10:00:00', '1000.00'), late), {
        now: '2026-03-10T10:00:00+08:00',
      })
      .thenDecision(({ events }) =>
        expect(tiersOf(events)).toEqual(['prospect→C 2026-01-10T10:00', 'C→A 2026-03-10T10:00']),
      );
  });

  it('an import is known with its last row: the order of its rows makes no history', () => {
    const rows = [
      bought('2026-03-10T10:00:00', '600000.00', true, '2024-01-15'),
      bought('2026-03-10T10:00:01', '1000.00', true, '2025-12-20'),
      bought('2026-03-10T10:00:02', '150000.00', true, '2025-11-01'),
    ];
    given()
      .when(review(registered(), ...rows), { now: '2026-03-10T10:00:05+08:00' })
      .thenDecision(({ events }) => {
        expect(tiersOf(events)).toEqual(['prospect→B 2026-03-10T10:00']);
        expect(events).toHaveLength(3);
      });
  });

  it('R-026 voiding every purchase makes a prospect again, and takes the due away', () => {
    const purchase = bought('2026-03-10T10:00:00', '600000.00');
    const { purchaseId } = purchase.what as { purchaseId: string };
    const gone = change('2026-03-11T09:30:00', { kind: 'voided', purchaseId });
    given()
      .when(review(registered(), purchase, gone), { now: '2026-03-11T09:30:00+08:00' })
      .thenDecision(({ events }) => {
        expect(tiersOf(events)).toEqual(['prospect→A 2026-03-10T10:00', 'A→prospect 2026-03-11T09:30']);
        expect(movesOf(events, profileEvents.CustomerSegmentChanged).at(-1)).toBe(
          'potential→none 2026-03-11T09:30',
        );
        // Nothing was scheduled, and nothing is: the due that was never recorded need not be replaced.
        expect(events.some(({ type }) => type === profileEvents.StandingReviewScheduled.type)).toBe(false);
      });
  });

  it('R-026 a due that is no longer to come is replaced, so that it does not fire for ever', () => {
    const purchase = bought('2026-03-10T10:00:00', '600000.00');
    const { purchaseId } = purchase.what as { purchaseId: string };
    const gone = change('2026-03-11T09:30:00', { kind: 'voided', purchaseId });
    const after = decided(NO_STANDING, review(registered(), purchase), '2026-03-10T10:00:00', 1_001);
    const made = events(after, review(registered(), purchase, gone), '2026-03-11T09:30:00');
    expect(dueOf(made)).toBe(NO_REVIEW);
    expect(made.at(-1)!.data).toMatchObject({ generation: 2, clause: 'R-026 none' });
  });

  it('R-026 a due that is scheduled already is not scheduled again', () => {
    const changes = [registered(), bought('2026-03-10T10:00:00', '600000.00')];
    const after = decided(NO_STANDING, review(...changes), '2026-03-10T10:00:00', 1_001);
    expect(events(after, review(...changes), '2026-03-20T00:00:00')).toEqual([]);
    const fired = events(after, review(...changes), '2026-09-07T00:00:00');
    expect(fired.at(-1)!.data).toMatchObject({ generation: 2 });
  });

  it('R-026 however often and whenever reviews run, the changes are the same', () => {
    const fact = fc.record({
      day: fc.integer({ min: 0, max: 900 }),
      amount: fc.constantFrom('1000.00', '90000.00', '150000.00', '600000.00', '-100000.00'),
    });
    fc.assert(
      fc.property(
        fc.array(fact, { minLength: 1, maxLength: 6 }),
        fc.array(fc.integer({ min: 0, max: 1_500 }), { maxLength: 6 }),
        (facts, days) => {
          const dayAt = (day: number): string =>
            toInstant(at('2024-01-01T12:00:00') + day * 86_400_000 + 8 * 3_600_000).slice(0, 19);
          const sorted = [...facts].sort((x, y) => x.day - y.day);
          const changes = [
            registered('2024-01-01T09:00:00'),
            ...sorted.map(({ day, amount }) => bought(dayAt(day), amount)),
          ];
          const through = (day: number): StandingChange[] =>
            changes.filter(({ recordedAt }) => recordedAt <= at(dayAt(day)));
          const history = (reviews: readonly number[]): readonly string[] => {
            let state: StandingState = NO_STANDING;
            const all: DomainEvent[] = [];
            for (const day of reviews) {
              const known = through(day);
              const made = events(state, review(...known), dayAt(day));
              state = fold(state, made, (known.length - 1) * 1_000 + 1);
              all.push(...made);
            }
            return [...tiersOf(all), ...movesOf(all, profileEvents.CustomerSegmentChanged)];
          };
          const last = 1_600;
          expect(history([...days.sort((x, y) => x - y), last])).toEqual(history([last]));
        },
      ),
      { numRuns: 60 },
    );
  });
});

function events(state: StandingState, command: ReviewCommand, now: string): readonly DomainEvent[] {
  const context = { now: at(now), commandId: '', actor: { id: 'a', roles: [] }, origin: 'live' as const };
  const decision = standingDecider.decide(command, state, context);
  return 'events' in decision ? decision.events : decision;
}

function decided(state: StandingState, command: ReviewCommand, now: string, index: number): StandingState {
  return fold(state, events(state, command, now), index);
}

function fold(state: StandingState, made: readonly DomainEvent[], index: number): StandingState {
  return made.reduce(
    (before, { type, data }) => evolveStanding(before, { type, data, index } as never),
    state,
  );
}
