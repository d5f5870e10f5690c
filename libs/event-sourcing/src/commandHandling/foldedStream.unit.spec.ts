import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { event, profileEvents, type CurrentEvent } from '@rapport/contracts';
import { toInstant } from '@rapport/platform';
import { asRecorded } from '../testing/deciderSpecification.ts';
import { emptyFold, foldEvents, type FoldedStream } from './foldedStream.ts';
import { COMMAND_MEMORY_MS } from './rememberedCommands.ts';

const DAY_MS = 86_400_000;
const START = Date.parse('2026-01-01T00:00:00Z');
const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const years = {
  initial: [] as readonly number[],
  evolve: (known: readonly number[], { data }: CurrentEvent) => [...known, (data as { year: number }).year],
};

function stored(revision: number, ms: number, commandId: string): CurrentEvent {
  const recorded = asRecorded(
    event(profileEvents.PurchaseYearOpened, { customerId, year: 2000 + revision }),
    revision,
  );
  return { ...recorded, recordedAt: toInstant(START + ms), commandId, position: revision * 3 };
}

function fold(events: readonly CurrentEvent[], onto: FoldedStream<readonly number[]> = emptyFold(years)) {
  return foldEvents(years, onto, events);
}

const idsOf = ({ commands }: FoldedStream<unknown>) => [...commands].map(([commandId]) => commandId);

describe('a folded stream', () => {
  it('has the state, the revision and the position of its last event', () => {
    expect(fold([stored(0, 0, 'a'), stored(1, 1, 'b')])).toMatchObject({
      state: [2000, 2001],
      revision: 1,
      position: 3,
    });
  });

  it('remembers which events are which command’s', () => {
    const { commands } = fold([stored(0, 0, 'a'), stored(1, 0, 'a'), stored(2, 1, 'b')]);
    expect(commands.get('a')).toMatchObject({ first: 0, last: 1, requestHmac: 'x' });
    expect(commands.get('b')).toMatchObject({ first: 2, last: 2 });
  });

  it('remembers a command for 30 days of the stream’s own time, and not a millisecond more', () => {
    const exactly = fold([stored(0, 0, 'a'), stored(1, COMMAND_MEMORY_MS, 'b')]);
    expect(idsOf(exactly)).toEqual(['a', 'b']);
    const more = fold([stored(0, 0, 'a'), stored(1, COMMAND_MEMORY_MS + 1, 'b')]);
    expect(idsOf(more)).toEqual(['b']);
  });

  it('keeps state and revision of what it forgets', () => {
    expect(fold([stored(0, 0, 'a'), stored(1, 31 * DAY_MS, 'b')])).toMatchObject({
      state: [2000, 2001],
      revision: 1,
    });
  });

  it.each([
    ['a gap', [0, 2]],
    ['a repeat', [0, 0]],
    ['a start in the middle', [1]],
    ['a step back', [0, 1, 0]],
  ])('refuses %s in the revisions', (_what, revisions) => {
    expect(() => fold(revisions.map((revision) => stored(revision, 0, 'a')))).toThrow(RangeError);
  });

  it('does not change the fold that it starts from', () => {
    const before = fold([stored(0, 0, 'a')]);
    fold([stored(1, 31 * DAY_MS, 'b')], before);
    expect(before).toEqual(fold([stored(0, 0, 'a')]));
  });

  it('is the same however the stream is paged, also when clocks step back by weeks', () => {
    const steps = fc.array(
      fc.tuple(fc.integer({ min: -40, max: 40 }), fc.constantFrom('a', 'b', 'c', 'd', 'e')),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(steps, fc.array(fc.nat(12), { maxLength: 6 }), (moves, cuts) => {
        let day = 50;
        const events = moves.map(([by, commandId], revision) =>
          stored(revision, (day += by) * DAY_MS, commandId),
        );
        let paged = emptyFold(years);
        let from = 0;
        for (const cut of [...cuts.toSorted((a, b) => a - b), events.length]) {
          paged = fold(events.slice(from, Math.max(from, cut)), paged);
          from = Math.max(from, cut);
        }
        const whole = fold(events);
        expect(paged).toEqual(whole);
        expect([...paged.commands]).toEqual([...whole.commands]);
      }),
      { numRuns: 300 },
    );
  });
});
