import { describe, expect, it } from '@jest/globals';
import {
  DEADLINE_EVENT_TYPES,
  deadlineEvents,
  deadlineIdOf,
  event,
  FIGURES_REVIEW,
  profileEvents,
  streamName,
  type DomainEvent,
} from '@rapport/contracts';
import { Agenda, anticipate, asRecorded, planAfter, specification } from '@rapport/event-sourcing';
import { toInstant, toMillis } from '@rapport/platform';
import fc from 'fast-check';
import {
  at,
  bought,
  change,
  customerId,
  profile,
  purchases,
  registered,
  review,
} from '../testing/reviews.ts';
import type { StandingChange } from './standingChange.ts';
import { standingDecider, type ReviewCommand } from './standingDecider.ts';
import { NO_STANDING, type StandingState } from './standingState.ts';

const { given } = specification(standingDecider);

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
describe('the review of a standing', () => {
  it('R-020 a prospect has no tier, and nothing is scheduled', () => {
    given().when(review(registered())).thenNothing();
  });

  it('R-026 a purchase lifts when it is recorded; the decision checks what it read, and says what it knew', () => {
    const purchase = bought('2026-03-10T10:00:00', '600000.00');
    given()
      .when(review(registered(), purchase), { now: '2026-03-10T10:00:05+08:00' })
      .thenDecision(({ events, companions, dues }) => {
        expect(tiersOf(events)).toEqual(['prospect→A 2026-03-10T10:00']);
        expect(events[0]).toMatchObject({
          occurredAt: toInstant(at('2026-03-10T10:00:00')),
          policies: { tiering: 1 },
          data: { rule: 'R-020 spend band', knownIndex: 1_000, candidate: 'A' },
        });
        expect(dues!['standing-review']).toMatchObject([
          {
            at: at('2026-09-07T00:00:00'),
            clause: 'R-025 segment',
            customerId,
            policies: { tiering: 1, rfm: 1 },
          },
        ]);
        expect(companions).toEqual([profile]);
      });
  });

  it('R-026 changes of a time when nothing ran are recorded one by one, each at its own instant, in order', () => {
    given()
      .when(review(registered(), bought('2026-03-10T10:00:00', '600000.00')), {
        now: '2028-01-01T00:00:00+08:00',
      })
      .thenDecision(({ events, dues }) => {
        expect(tiersOf(events)).toEqual(['prospect→A 2026-03-10T10:00', 'A→C 2027-07-01T00:00']);
        expect(movesOf(events, profileEvents.CustomerSegmentChanged)).toHaveLength(3);
        const effective = events.map(({ data }) => (data as Changed).effectiveAt);
        expect(effective).toEqual([...effective].sort());
        // Nothing is left to come.
        expect(dues).toMatchObject({ 'standing-review': [] });
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

  it('R-026 a change by the passing of time alone must not have passed over a purchase that it does not know', () => {
    const first = bought('2026-03-10T10:00:00', '600000.00');
    const second = bought('2027-07-02T10:00:00', '1000.00');
    const checked = (now: string, ...known: StandingChange[]): unknown => {
      const decision = standingDecider.decide(review(registered(), ...known), NO_STANDING, {
        now: at(now),
        commandId: '',
        actor: { id: 'a', roles: [] },
        origin: 'live',
      });
      return 'companions' in decision ? decision.companions : [];
    };
    expect(checked('2026-03-10T10:00:05', first)).toEqual([profile]);
    expect(checked('2027-07-02T00:00:00', first)).toEqual([profile, ...purchases]);
    // What fell due before a purchase that is known was passed by all that could be recorded before it.
    expect(checked('2027-07-02T10:00:00', first, second)).toEqual([profile]);
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
        expect(movesOf(events, profileEvents.CustomerSegmentChanged)).toHaveLength(1);
      });
  });

  it('R-026 voiding every purchase makes a prospect again, and takes the due away', () => {
    const purchase = bought('2026-03-10T10:00:00', '600000.00');
    const { purchaseId } = purchase as StandingChange & { purchaseId: string };
    const gone = change('2026-03-11T09:30:00', { kind: 'voided', purchaseId });
    given()
      .when(review(registered(), purchase, gone), { now: '2026-03-11T09:30:00+08:00' })
      .thenDecision(({ events, dues }) => {
        expect(tiersOf(events)).toEqual(['prospect→A 2026-03-10T10:00', 'A→prospect 2026-03-11T09:30']);
        expect(movesOf(events, profileEvents.CustomerSegmentChanged).at(-1)).toBe(
          'potential→none 2026-03-11T09:30',
        );
        expect(dues).toMatchObject({ 'standing-review': [] });
      });
  });

  it('R-026 a due that is no longer to come is cancelled', () => {
    const purchase = bought('2026-03-10T10:00:00', '600000.00');
    const { purchaseId } = purchase as StandingChange & { purchaseId: string };
    const gone = change('2026-03-11T09:30:00', { kind: 'voided', purchaseId });
    const { after } = reviewed(NOTHING, review(registered(), purchase), '2026-03-10T10:00:00', 1_001);
    const { recorded } = reviewed(after, review(registered(), purchase, gone), '2026-03-11T09:30:00', 2_001);
    expect(recorded.at(-1)).toMatchObject({
      type: deadlineEvents.DeadlineCancelled.type,
      data: { deadline: 'standing-review', generation: 1 },
    });
  });

  it('R-026 a due that is scheduled already is not scheduled again; when it has passed, it has fired', () => {
    const changes = [registered(), bought('2026-03-10T10:00:00', '600000.00')];
    const first = reviewed(NOTHING, review(...changes), '2026-03-10T10:00:00', 1_001);
    expect(reviewed(first.after, review(...changes), '2026-03-20T00:00:00', 1_010).recorded).toEqual([]);
    const { recorded } = reviewed(first.after, review(...changes), '2026-09-07T00:00:00', 1_010);
    expect(recorded.map(({ type, data }) => [type, (data as { generation?: number }).generation])).toEqual([
      [profileEvents.CustomerSegmentChanged.type, undefined],
      [deadlineEvents.DeadlineFired.type, 1],
      [deadlineEvents.DeadlineScheduled.type, 2],
    ]);
  });

  it('R-026 a due of a log from before the engine is read, fires, and is followed by one of the engine', () => {
    const changes = [registered(), bought('2026-03-10T10:00:00', '600000.00')];
    const former = event(profileEvents.StandingReviewScheduled, {
      customerId,
      deadlineId: '0f5a7f6e-0000-5000-8000-00000000000d',
      generation: 3,
      due: toInstant(at('2026-09-07T00:00:00')),
      clause: 'R-025 segment',
    });
    const { recorded } = reviewed(NOTHING, review(...changes), '2026-03-10T10:00:00', 1_001);
    const decided = recorded.filter(({ type }) => type !== deadlineEvents.DeadlineScheduled.type);
    const before = followed(NOTHING, [...decided, former], 1_001);
    expect(before.agenda.byId(former.data.deadlineId)).toMatchObject({ generation: 3 });
    const after = reviewed(before, review(...changes), '2026-09-07T00:00:00', 1_010).recorded;
    expect(after.slice(1)).toMatchObject([
      {
        type: deadlineEvents.DeadlineFired.type,
        data: { deadlineId: former.data.deadlineId, generation: 3 },
      },
      {
        type: deadlineEvents.DeadlineScheduled.type,
        data: { deadlineId: deadlineIdOf(STREAM, 'standing-review'), generation: 1 },
      },
    ]);
    // The end of the calendar stood for «never».
    const never = { ...former, data: { ...former.data, due: '9999-12-30T16:00:00.000Z' } };
    expect(followed(before, [never], 1_020).agenda.isEmpty).toBe(true);
  });

  it('while the release before runs, the next review is recorded as that reads it, and taken over afterwards', () => {
    const purchase = bought('2026-03-10T10:00:00', '600000.00');
    const { purchaseId } = purchase as StandingChange & { purchaseId: string };
    const gone = change('2026-03-11T09:30:00', { kind: 'voided', purchaseId });
    const former = (...changes: StandingChange[]): ReviewCommand => ({
      ...review(...changes),
      writeFormats: 'previous',
    });
    const first = reviewed(NOTHING, former(registered(), purchase), '2026-03-10T10:00:00', 1_001);
    expect(first.recorded.at(-1)).toMatchObject({
      type: profileEvents.StandingReviewScheduled.type,
      data: { generation: 1, due: toInstant(at('2026-09-07T00:00:00')), clause: 'R-025 segment' },
    });
    expect(
      reviewed(first.after, former(registered(), purchase), '2026-03-20T00:00:00', 1_010).recorded,
    ).toEqual([]);
    const ended = reviewed(first.after, former(registered(), purchase, gone), '2026-03-11T09:30:00', 2_001);
    expect(ended.recorded.at(-1)!.data).toMatchObject({ generation: 2, due: '9999-12-30T16:00:00.000Z' });
    expect(ended.after.agenda.isEmpty).toBe(true);
    const late = reviewed(first.after, former(registered(), purchase), '2026-09-07T00:00:00', 1_010);
    const types = [...first.recorded, ...ended.recorded, ...late.recorded].map(({ type }) => type);
    expect(types.filter((type) => DEADLINE_EVENT_TYPES.has(type))).toEqual([]);
    const next = reviewed(late.after, review(registered(), purchase), '2026-09-08T00:00:00', 1_020);
    expect(next.recorded).toMatchObject([
      {
        type: deadlineEvents.DeadlineCancelled.type,
        data: { deadline: 'standing-review-scheduled', generation: 2 },
      },
      { type: deadlineEvents.DeadlineScheduled.type, data: { deadline: 'standing-review', generation: 1 } },
    ]);
  });

  describe('after a ledger’s clock ran ahead and was put right', () => {
    const ahead = bought('2026-03-13T10:00:00', '600000.00', false, '2026-03-10');
    const changes = [registered(), bought('2026-03-01T10:00:00', '1000.00'), ahead];
    const now = '2026-03-10T10:00:00';

    it('R-026 what lies ahead is judged when time has come there, by a due of its own', () => {
      given()
        .when(review(...changes), { now: `${now}+08:00` })
        .thenDecision(({ events, dues }) => {
          expect(tiersOf(events)).toEqual(['prospect→C 2026-03-01T10:00']);
          expect(dues).toMatchObject({
            'standing-review': [],
            'standing-review-ahead': [{ at: at('2026-03-13T10:00:00'), clause: 'R-026 known later' }],
          });
        });
    });

    it('R-026 five minutes ahead are judged at once: clocks of machines differ', () => {
      const near = bought('2026-03-10T10:05:00', '600000.00', false, '2026-03-10');
      given()
        .when(review(registered(), near), { now: `${now}+08:00` })
        .thenDecision(({ events }) => expect(tiersOf(events)).toEqual(['prospect→A 2026-03-10T10:05']));
    });

    it('R-026 it heals by itself, and nothing that fell due meanwhile is lost or judged by it', () => {
      const flagged = change('2026-02-10T10:00:00', {
        kind: 'flagged',
        designationId: 'd',
        validUntil: '2026-03-12',
      });
      const known = [registered(), bought('2026-02-09T10:00:00', '1000.00'), flagged, ahead];
      let after = NOTHING;
      const all: DomainEvent[] = [];
      for (const [n, when] of [
        '2026-03-10T10:00:00',
        '2026-03-12T00:00:00',
        '2026-03-13T10:00:00',
      ].entries()) {
        const made = reviewed(after, review(...known), when, 3_001 + n * 10);
        after = made.after;
        all.push(...made.recorded);
      }
      expect(tiersOf(all)).toEqual([
        'prospect→C 2026-02-09T10:00',
        'C→A 2026-02-10T10:00',
        // The flag's end lies between the right time and what lies ahead.
        'A→C 2026-03-12T00:00',
        'C→A 2026-03-13T10:00',
      ]);
      expect([...after.agenda.pending()].map(({ name }) => name)).toEqual([
        FIGURES_REVIEW,
        'standing-review',
      ]);
    });
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
            let after = NOTHING;
            const all: DomainEvent[] = [];
            for (const day of reviews) {
              const known = through(day);
              const made = reviewed(after, review(...known), dayAt(day), (known.length - 1) * 1_000 + 1);
              after = made.after;
              all.push(...made.recorded);
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

const STREAM = streamName('standing', customerId);

type Standing = Parameters<typeof planAfter<StandingState>>[1];
const NOTHING: Standing = { state: NO_STANDING, agenda: Agenda.empty, revision: -1 };

/** The stream after events that were recorded at this index and after it. */
function followed(before: Standing, made: readonly DomainEvent[], index: number): Standing {
  let next = index;
  return anticipate(standingDecider, before, made, (one, revision) => ({
    ...asRecorded(one, revision),
    index: next++,
  }));
}

/** Figures have a spec of their own. */
const isOfStanding = ({ type, data }: DomainEvent): boolean =>
  type !== profileEvents.CustomerFiguresChanged.type &&
  (data as { deadline?: string }).deadline !== FIGURES_REVIEW;

/** A review, and what is recorded with it of tier and segment. */
function reviewed(before: Standing, command: ReviewCommand, now: string, index: number) {
  const context = { now: at(now), commandId: '', actor: { id: 'a', roles: [] }, origin: 'live' as const };
  const decision = standingDecider.decide(command, before.state, context);
  if (!('events' in decision)) throw new TypeError('a review says its dues');
  const after = followed(before, decision.events, index);
  const planning = { stream: STREAM, now: at(now), origin: 'live', asRecorded: asRecorded } as const;
  const { events } = planAfter(standingDecider, after, planning, decision.dues);
  const recorded: readonly DomainEvent[] = [...decision.events, ...events];
  return { recorded: recorded.filter(isOfStanding), after: followed(before, recorded, index) };
}
