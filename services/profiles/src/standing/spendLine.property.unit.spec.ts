import { describe, expect, it } from '@jest/globals';
import { dayNumberAt, startOfDayNumber } from '@rapport/calendar';
import fc from 'fast-check';
import { isRefund, type Spend } from './spendEntries.ts';
import { SpendLine } from './spendLine.ts';

const FIRST = startOfDayNumber(19_000);
const HOUR = 3_600_000;
const WINDOW_DAYS = 30;

const spend: fc.Arbitrary<Spend> = fc.record({
  from: fc.integer({ min: 0, max: 2_000 }).map((hours) => FIRST + hours * HOUR),
  amountFen: fc.constantFrom(-500, -1, 0, 1, 70, 900_000_000_000_000),
});
/** Some more, or some less; often at the end, and enough at once to fill blocks. */
const step = fc.record({
  added: fc.oneof(
    { weight: 3, arbitrary: fc.array(spend, { maxLength: 4 }) },
    { weight: 1, arbitrary: fc.array(spend, { minLength: 200, maxLength: 700 }) },
  ),
  atEnd: fc.boolean(),
  removed: fc.array(fc.nat(10_000), { maxLength: 3 }),
  /** Made from the line before the last one: both are held. */
  branches: fc.oneof(
    { weight: 4, arbitrary: fc.constant(false) },
    { weight: 1, arbitrary: fc.constant(true) },
  ),
});

/** The same line, kept as a plain list that is put in order anew. */
interface Held {
  readonly line: SpendLine;
  readonly spends: readonly Spend[];
}

function changed({ line, spends }: Held, more: readonly Spend[], removed: readonly number[]): Held {
  const places = new Set(spends.length === 0 ? [] : removed.map((which) => which % spends.length));
  const gone = spends.filter((_, n) => places.has(n));
  const left = [...spends.filter((_, n) => !places.has(n)), ...more].sort((x, y) => x.from - y.from);
  return { line: line.with(more, gone), spends: left };
}

function check({ line, spends }: Held): void {
  const said: unknown[] = [line.length, line.firstPurchase];
  const expected: unknown[] = [spends.length, spends.find((one) => !isRefund(one))?.from];
  let net = 0n;
  let purchases = 0;
  let latest: number | undefined;
  for (const [n, one] of spends.entries()) {
    said.push(line.from(n));
    expected.push(one.from);
    // Which of those of one instant comes first is nobody's business.
    if (spends[n - 1]?.from !== one.from) {
      said.push(line.net(n), line.purchases(n), line.latest(n));
      expected.push(net, purchases, latest);
    }
    net += BigInt(one.amountFen);
    if (isRefund(one)) continue;
    purchases += 1;
    latest = dayNumberAt(one.from);
  }
  said.push(line.from(spends.length), line.net(spends.length));
  expected.push(undefined, net);
  for (const hours of [-1, 0, 500, 1_000.5, 1_999, 2_400]) {
    const instant = FIRST + hours * HOUR;
    const counted = spends.filter(({ from }) => from <= instant);
    const today = dayNumberAt(instant);
    const expired = counted.filter(({ from }) => dayNumberAt(from) <= today - WINDOW_DAYS);
    said.push(line.window(instant, WINDOW_DAYS));
    expected.push({ expired: expired.length, counted: counted.length });
  }
  expect(said).toEqual(expected);
}

describe('the line of what a customer spent', () => {
  it('R-020 is the same as if it were put in order anew, also for whoever held it before', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
        const held: Held[] = [{ line: SpendLine.empty, spends: [] }];
        for (const { added, atEnd, removed, branches } of steps) {
          const before = held.at(branches && held.length > 1 ? -2 : -1)!;
          const end = before.spends.at(-1)?.from ?? FIRST;
          const more = atEnd ? added.map((one) => ({ ...one, from: end + (one.from - FIRST) })) : added;
          held.push(changed(before, more, removed));
        }
        held.forEach(check);
      }),
      { numRuns: 60 },
    );
  });

  it('R-026 what is not in it cannot be taken from it', () => {
    const line = SpendLine.empty.with([{ from: FIRST, amountFen: 5 }]);
    expect(() => line.with([], [{ from: FIRST, amountFen: 6 }])).toThrow(RangeError);
    expect(() => line.with([], [{ from: FIRST + 1, amountFen: 5 }])).toThrow(RangeError);
  });
});
