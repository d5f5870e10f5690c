import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { addDays, dateOf, daysBetween, startOfDay } from '@rapport/calendar';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { type Band, isAbove } from './bands.ts';
import { extend, type Step, stepAt, type Timeline } from '../testing/reference/timeline.ts';
import { DowngradeWait } from './downgradeWait.ts';

const rows: Record<string, string>[] = parse(
  readFileSync(new URL('../../../../test/examples/tier-downgrades.csv', import.meta.url)),
  { columns: true },
);

/** `candidate B from 2026-03-20; candidate A on 2026-06-30 only`, after the tier held before. */
function candidatesOf(row: Record<string, string>): Step<Band>[] {
  const steps: Step<Band>[] = [{ from: startOfDay('2024-01-01'), value: row['tier_before'] as Band }];
  for (const fact of row['facts']!.split('; ')) {
    const match =
      /^(?:candidate|purchase lifts the candidate to) ([ABC]) (?:from|on) (\d{4}-\d{2}-\d{2})(?: (\d{2}:\d{2}))?/.exec(
        fact,
      );
    if (match === null) throw new Error('unknown kind of fact in tier-downgrades.csv');
    extend(steps, Date.parse(`${match[2]}T${match[3] ?? '00:00'}:00+08:00`), match[1] as Band);
  }
  return steps;
}

/** The tier over time that follows from a candidate over time. */
function downgradeWait(candidates: Timeline<Band>): Timeline<Band> {
  const tiers: Step<Band>[] = [];
  const [first, ...others] = candidates;
  if (first === undefined) return tiers;
  const wait = DowngradeWait.begin(first.value, first.from);
  extend(tiers, first.from, wait.tier);
  for (const { from, value } of [...others, { from: Infinity, value: undefined }]) {
    for (
      let quarter = wait.nextQuarter;
      quarter !== undefined && quarter < from;
      quarter = wait.nextQuarter
    ) {
      wait.pass(quarter + 1);
      extend(tiers, quarter, wait.tier);
    }
    if (value === undefined) break;
    // Kept and taken up again, as it is for every purchase.
    const taken = DowngradeWait.before(from, wait.pass(from));
    wait.see(from, value);
    taken.see(from, value);
    expect(taken.tier).toBe(wait.tier);
    extend(tiers, from, wait.tier);
  }
  return tiers;
}

const rank = { C: 0, B: 1, A: 2 };
const band = fc.constantFrom<Band>('A', 'B', 'C');
const start = startOfDay('2024-02-10');
/** Days after the start, often the first of a quarter. */
const days = fc.oneof(
  fc.integer({ min: 0, max: 900 }),
  fc
    .constantFrom('2024-04-01', '2024-07-01', '2024-10-01', '2025-01-01', '2025-04-01')
    .map((date) => daysBetween('2024-02-10', date)),
);
const candidates = fc
  .array(fc.tuple(days, fc.constantFrom(0, 0, 34_200_000), band), {
    minLength: 1,
    maxLength: 12,
  })
  .map((changes) => {
    const steps: Step<Band>[] = [{ from: start, value: changes[0]![2] }];
    const sorted = changes.toSorted((x, y) => x[0] - y[0] || x[1] - y[1]);
    for (const [day, offset, value] of sorted) extend(steps, start + day * 86_400_000 + offset, value);
    return steps;
  });

describe('the wait of a downgrade', () => {
  // D-07 is about a void: standingAt.unit.spec.ts
  it.each(rows.filter((row) => row['case'] !== 'D-07'))('R-026 $case: $facts — $why', (row) => {
    const tiers = row['tier_after']!.split(' then ');
    const instants = row['changes_at']!.split(' then ');
    expect(downgradeWait(candidatesOf(row)).slice(1)).toEqual(
      tiers.map((tier, i) => ({ from: Date.parse(instants[i]!), value: tier })),
    );
  });

  it('R-026 nothing is decided without a candidate', () => {
    expect(downgradeWait([])).toEqual([]);
  });

  it('R-026 a candidate that rises at the very start of a quarter is not passed over', () => {
    const steps: Step<Band>[] = [
      { from: startOfDay('2026-01-01'), value: 'A' },
      { from: startOfDay('2026-02-01'), value: 'C' },
      { from: startOfDay('2026-07-01'), value: 'A' },
      { from: startOfDay('2026-07-02'), value: 'C' },
    ];
    expect(downgradeWait(steps)).toEqual([
      { from: startOfDay('2026-01-01'), value: 'A' },
      { from: startOfDay('2027-01-01'), value: 'C' },
    ]);
  });

  it('R-026 a wait that is over when a quarter starts ends there, whatever the candidate becomes then', () => {
    const steps: Step<Band>[] = [
      { from: startOfDay('2026-01-01'), value: 'A' },
      { from: startOfDay('2026-02-01'), value: 'C' },
      { from: startOfDay('2026-07-01'), value: 'B' },
    ];
    expect(downgradeWait(steps)).toEqual([
      { from: startOfDay('2026-01-01'), value: 'A' },
      { from: startOfDay('2026-07-01'), value: 'B' },
    ]);
  });

  it('R-026 the tier is never below the candidate, and falls only at the start of a quarter', () => {
    fc.assert(
      fc.property(candidates, (steps) => {
        const tiers = downgradeWait(steps);
        for (const step of steps)
          expect(isAbove(step.value, tiers[stepAt(tiers, step.from)]!.value)).toBe(false);
        tiers.forEach((step, i) => {
          const before = tiers[i - 1];
          if (before === undefined || isAbove(step.value, before.value)) {
            expect(steps.map((candidate) => candidate.from)).toContain(step.from);
          } else {
            expect(isAbove(before.value, step.value)).toBe(true);
            expect(step.from).toBe(startOfDay(dateOf(step.from)));
            expect(dateOf(step.from)).toMatch(/-(01|04|07|10)-01$/);
          }
        });
        expect(tiers.at(-1)!.value).toBe(steps.at(-1)!.value);
      }),
      { numRuns: 150 },
    );
  });

  it('R-026 equals the rule applied day by day', () => {
    fc.assert(
      fc.property(candidates, (steps) => {
        // Half days, since a candidate may change at 09:30; each is judged by what was seen in it.
        const expected: Step<Band>[] = [];
        let tier = steps[0]!.value;
        let seen: Band[] = [];
        for (let day = dateOf(start); day < '2028-01-01'; day = addDays(day, 1)) {
          if (/-(01|04|07|10)-01$/.test(day) && day !== dateOf(start)) {
            const best = seen.reduce((x, y) => (rank[y] > rank[x] ? y : x));
            const now = steps[stepAt(steps, startOfDay(day))]!.value;
            if (rank[best] < rank[tier]) tier = rank[now] > rank[best] ? now : best;
            seen = [];
          }
          for (const offset of [0, 34_200_000]) {
            const instant = startOfDay(day) + offset;
            const candidate = steps[stepAt(steps, instant)]!.value;
            seen.push(candidate);
            if (rank[candidate] > rank[tier]) tier = candidate;
            extend(expected, instant, tier);
          }
        }
        expect(downgradeWait(steps)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });
});
