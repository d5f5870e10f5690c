import { describe, expect, it } from '@jest/globals';
import { deadlineEvents, type DomainEvent, type CurrentEvent } from '@rapport/contracts';
import { toInstant } from '@rapport/platform';
import fc from 'fast-check';
import { Agenda } from './agenda.ts';
import type { AfterDowntime } from './deadlineTable.ts';
import { byDue } from './due.ts';
import { planDues } from './planDues.ts';
import { planAfter } from './planAfter.ts';
import { settleOverdue } from './settleOverdue.ts';
import { obligationsDecider, type Obligations, type ObligationsCommand } from './testing/obligations.ts';
import { ObligationsLife } from './testing/obligationsLife.ts';
import { whatHappens, type Timed } from './testing/obligationsReference.ts';

const START = Date.parse('2026-03-10T02:00:00.000Z');
const END = START + 1_000;

/** Few instants and few ids: what matters is what falls together. */
const instant = fc.integer({ min: 0, max: 40 }).map((ms) => START + ms);
const id = fc.constantFrom('a', 'b', 'c');
const command: fc.Arbitrary<ObligationsCommand> = fc.oneof(
  fc.record({
    do: fc.constant('owe' as const),
    id,
    at: instant,
    pauses: fc.array(fc.integer({ min: 1, max: 15 }), { maxLength: 3 }),
  }),
  fc.record({ do: fc.constant('move' as const), id, at: instant }),
  fc.record({ do: fc.constant('pay' as const), id }),
  fc.record({
    do: fc.constant('repeat' as const),
    // Ids of their own: what is paid is one thing.
    id: fc.constantFrom('r', 's'),
    from: instant,
    every: fc.integer({ min: 100, max: 300 }),
  }),
  fc.constant({ do: 'nothing' as const }),
);
const life: fc.Arbitrary<readonly Timed[]> = fc
  .array(fc.record({ at: instant, command }), { maxLength: 12 })
  .map((commands) => commands.sort((x, y) => x.at - y.at));
const sweeps = fc.array(instant, { maxLength: 8 });

/** Lives it; sweeps come before the commands of their instant. */
function lived(commands: readonly Timed[], sweeping: readonly number[], afterDowntime?: AfterDowntime) {
  const stream = new ObligationsLife(obligationsDecider(afterDowntime));
  const steps = [
    ...sweeping.map((at) => ({ at, order: 0, run: () => stream.sweep(at) })),
    ...commands.map((one, n) => ({ at: one.at, order: n + 1, run: () => stream.send(one.command, one.at) })),
  ];
  for (const { run } of steps.sort((x, y) => x.at - y.at || x.order - y.order)) run();
  stream.sweep(END);
  return stream;
}

const asIs = (one: DomainEvent) => one as unknown as CurrentEvent;
const deadlinesOf = (events: readonly DomainEvent[]) =>
  events
    .filter(({ type }) => type.startsWith('crm.deadlines.'))
    .map(({ type, data }) => {
      const { deadlineId, generation } = data as { deadlineId: string; generation: number };
      return { what: type.slice('crm.deadlines.Deadline'.length), deadlineId, generation };
    });

describe('the deadline engine', () => {
  it('contract «Time and effects»: what happens is the same whatever fired it, and equals timers that never fail', () => {
    fc.assert(
      fc.property(life, sweeps, (commands, sweeping) => {
        const expected = whatHappens(commands, END);
        expect(lived(commands, []).happened()).toEqual(expected);
        expect(lived(commands, sweeping).happened()).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it('contract: overdue first records what the sweeper would have, event by event', () => {
    fc.assert(
      fc.property(life, sweeps, (commands, sweeping) => {
        expect(lived(commands, sweeping).events).toEqual(lived(commands, []).events);
      }),
      { numRuns: 300 },
    );
  });

  it('what is pending is seen from the stream alone', () => {
    fc.assert(
      fc.property(life, (commands) => {
        const stream = new ObligationsLife(obligationsDecider());
        for (const { at, command: one } of commands) stream.send(one, at);
        const read = Agenda.empty.with(stream.events);
        const pending = (agenda: Agenda) => [...agenda.pending()].sort(byDue);
        expect(pending(read)).toEqual(pending(stream.stream.agenda));
        // Event by event, as they are folded one at a time.
        const folded = stream.events.reduce((agenda, event) => agenda.with([event]), Agenda.empty);
        expect(pending(folded)).toEqual(pending(read));
        // And it is exactly what the state says is due, but for instants at which it fired already.
        const { state, agenda } = stream.stream;
        const due = obligationsDecider().dues!(state, agenda.settledUntil);
        const open = due.filter(({ name, key, at }) => agenda.settledUntil(name, key) !== at);
        expect(pending(read).map(({ name, key, at }) => [name, key, at])).toEqual(
          [...open].sort(byDue).map(({ name, key, at }) => [name, key, at]),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('every schedule is settled, cancelled or superseded once, and no firing has the command id of another', () => {
    fc.assert(
      fc.property(life, sweeps, (commands, sweeping) => {
        const open = new Map<string, number>();
        const settled = new Set<string>();
        for (const { what, deadlineId, generation } of deadlinesOf(lived(commands, sweeping).events)) {
          if (what === 'Scheduled') {
            expect(generation).toBeGreaterThan(open.get(deadlineId) ?? 0);
            open.set(deadlineId, generation);
            continue;
          }
          expect(open.get(deadlineId)).toBe(generation);
          const one = `${deadlineId} ${generation}`;
          expect(settled.has(one)).toBe(false);
          settled.add(one);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('contract: an import fires nothing that was due before it, and records that it was skipped', () => {
    fc.assert(
      fc.property(life, instant, (commands, now) => {
        const stream = new ObligationsLife(obligationsDecider());
        for (const { command: one } of commands) stream.send(one, now, 'import');
        stream.sweep(now);
        expect(stream.happened().filter((text) => / (Reminded|Again) /.test(text))).toEqual([]);
        for (const due of stream.stream.agenda.pending()) expect(due.at).toBeGreaterThanOrEqual(now);
        for (const { type, data } of stream.events) {
          if (type !== deadlineEvents.DeadlineSkipped.type) continue;
          expect(data).toMatchObject({ reason: 'import' });
          expect((data as { due: string }).due < toInstant(now)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });

  describe('after downtime', () => {
    const every = 10;
    const repeat: Timed = { at: START, command: { do: 'repeat', id: 'r', from: START + 10, every } };
    const after = (afterDowntime: AfterDowntime) => {
      const stream = new ObligationsLife(obligationsDecider(afterDowntime));
      stream.send(repeat.command, repeat.at);
      // The occurrences at 10, 20, 30 and 40 were missed.
      stream.sweep(START + 45);
      return stream;
    };
    const count = (stream: ObligationsLife, what: string) =>
      deadlinesOf(stream.events).filter((one) => one.what === what).length;

    it('fire-late: every occurrence fires, with its true due', () => {
      const stream = after('fire-late');
      expect(stream.happened().slice(1)).toEqual(
        [10, 20, 30, 40].map((ms) => `${toInstant(START + ms)} Again r`),
      );
      expect(count(stream, 'Skipped')).toBe(0);
    });

    it('fire-once: only the last occurrence fires, the others are recorded as skipped', () => {
      const stream = after('fire-once');
      expect(stream.happened().slice(1)).toEqual([`${toInstant(START + 40)} Again r`]);
      expect(count(stream, 'Skipped')).toBe(3);
      expect([...stream.stream.agenda.pending()].map(({ at }) => at)).toEqual([START + 50]);
    });

    it('skipAfterMs: what is later than that is moot and recorded as skipped', () => {
      const stream = after({ skipAfterMs: 15 });
      expect(stream.happened().slice(1)).toEqual([30, 40].map((ms) => `${toInstant(START + ms)} Again r`));
      expect(count(stream, 'Skipped')).toBe(2);
    });
  });

  it('contract: a command at exactly the due instant is in time', () => {
    const stream = new ObligationsLife(obligationsDecider());
    stream.send({ do: 'owe', id: 'a', at: START + 10, pauses: [] }, START);
    stream.send({ do: 'pay', id: 'a' }, START + 10);
    stream.sweep(END);
    expect(stream.happened().map((text) => text.split(' ')[1])).toEqual(['Owed', 'Paid']);
    expect(deadlinesOf(stream.events).at(-1)!.what).toBe('Cancelled');
  });

  it('a due that was settled never comes again at its instant, also when it was moved in between', () => {
    const stream = new ObligationsLife(obligationsDecider());
    stream.send({ do: 'owe', id: 'a', at: START + 10, pauses: [20] }, START);
    stream.send({ do: 'move', id: 'a', at: START + 10 }, START + 15);
    expect(deadlinesOf(stream.events).map(({ what }) => what)).toEqual([
      'Scheduled',
      'Fired',
      'Scheduled',
      'Cancelled',
    ]);
    stream.send({ do: 'move', id: 'a', at: START + 11 }, START + 16);
    stream.sweep(END);
    expect(stream.happened().filter((text) => text.includes('Reminded'))).toEqual([
      `${toInstant(START + 10)} Reminded a`,
      `${toInstant(START + 11)} Reminded a`,
    ]);
  });

  it('firings at one instant that come to no end are a decider’s mistake: told, and nothing is recorded', () => {
    const endless = obligationsDecider();
    const due = ({ owed }: Obligations) =>
      [...owed.keys()].map((key) => ({ name: 'reminder' as const, key, at: START, clause: 'R-000' }));
    const decider = {
      ...endless,
      dues: due,
      deadlines: {
        ...endless.deadlines!,
        reminder: {
          afterDowntime: 'fire-late' as const,
          fire: ({ key }: { readonly key?: string }) => [
            { type: 'test.Paid', data: { id: key } },
            { type: 'test.Owed', data: { id: `${key}.`, at: toInstant(START), pauses: [] } },
          ],
        },
      },
    };
    const stream = new ObligationsLife(decider);
    stream.send({ do: 'owe', id: 'a', at: START, pauses: [] }, START);
    const all = { stream: 'customer-1', before: END, limit: 10_000, asRecorded: () => asIs };
    expect(() => settleOverdue(decider, stream.stream, all)).toThrow('come to no end');
  });

  it('a name that only newer code knows is left alone; one that is withdrawn is cancelled', () => {
    const stream = new ObligationsLife(obligationsDecider());
    stream.send({ do: 'owe', id: 'a', at: START + 10, pauses: [] }, START);
    const { reminder: _reminder, ...older } = obligationsDecider().deadlines!;
    const all = { stream: 'customer-1', before: END, limit: 10, asRecorded: () => asIs };
    const unknowing = { ...obligationsDecider(), dues: () => [], deadlines: older };
    expect(settleOverdue(unknowing, stream.stream, all).firings).toEqual([]);
    const planning = {
      stream: 'customer-1',
      now: START,
      origin: 'live',
      asRecorded: asIs,
    } as const;
    expect(planAfter(unknowing, stream.stream, planning).events).toEqual([]);
    const withdrawing = { ...unknowing, deadlines: { ...older, reminder: { fire: 'withdrawn' as const } } };
    const cancelled = [{ type: deadlineEvents.DeadlineCancelled.type }];
    expect(planAfter(withdrawing, stream.stream, planning).events).toMatchObject(cancelled);
    expect(settleOverdue(withdrawing, stream.stream, all).firings).toMatchObject([{ events: cancelled }]);
  });

  it('two dues of one name and key, and one that is not in the table, are a decider’s mistakes', () => {
    const plan = (...names: string[]) =>
      planDues({
        stream: 'customer-1',
        agenda: Agenda.empty,
        dues: names.map((name) => ({ name, at: START, clause: 'R-000' })),
        speaksFor: () => true,
        kindOf: (name) => (name === 'x' ? { fire: 'by-command', afterDowntime: 'fire-late' } : undefined),
        now: START,
        origin: 'live',
      });
    expect(() => plan('x', 'x')).toThrow('is due twice');
    expect(() => plan('y')).toThrow('not in the table');
  });
});
