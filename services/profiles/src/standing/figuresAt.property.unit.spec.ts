import { describe, expect, it } from '@jest/globals';
import { defaultVersion, RFM, TIERING } from '@rapport/contracts';
import fc from 'fast-check';
import { BEGINNING, randomPolicies } from '../testing/randomChanges.ts';
import { customerHistory } from './customerHistory.ts';
import { type Figures, figuresAt, type FiguresBasis, isSame, nextFiguresAt } from './figuresAt.ts';
import { policyPeriods } from './policyPeriods.ts';
import type { Purchase } from './standingFacts.ts';

/*
 * Figures a second time, on purpose naive: each window is summed up anew on JavaScript's own UTC calendar. Business days
 * are UTC days shifted by eight hours.
 */
const DAY = 86_400_000;
const EIGHT_HOURS = 8 * 3_600_000;
const HALF_PAST_NINE = 34_200_000;
const DAYS = 1_000;
const FIRST = Math.floor((BEGINNING + EIGHT_HOURS) / DAY) * DAY;
const text = (utcDay: number): string => new Date(utcDay).toISOString().slice(0, 10);

const purchases = fc.array(
  fc
    .record({
      day: fc.integer({ min: 0, max: 800 }),
      amountFen: fc.constantFrom(-30_000_000, -1, 0, 1, 2_000_000, 50_000_000),
      recorded: fc.constantFrom(undefined, 0, 0, 3),
    })
    .map(({ day, amountFen, recorded }): Purchase => {
      const on = FIRST + day * DAY;
      const recordedAt =
        recorded === undefined ? undefined : on - EIGHT_HOURS + recorded * DAY + HALF_PAST_NINE;
      return { purchasedOn: text(on), amountFen, ...(recordedAt !== undefined && { recordedAt }) };
    }),
  { maxLength: 8 },
);

function naive(
  all: readonly Purchase[],
  { tiering, rfm }: Pick<FiguresBasis, 'tiering' | 'rfm'>,
  at: number,
): Figures {
  const today = Math.floor((at + EIGHT_HOURS) / DAY) * DAY;
  const dayOf = ({ purchasedOn }: Purchase): number => Date.parse(`${purchasedOn}T00:00:00Z`);
  const seen = all.filter((one) => {
    const onItsDay =
      one.recordedAt !== undefined && Math.floor((one.recordedAt + EIGHT_HOURS) / DAY) * DAY === dayOf(one);
    return (onItsDay ? one.recordedAt! : dayOf(one) - EIGHT_HOURS) <= at;
  });
  const within = (days: number): readonly Purchase[] => seen.filter((one) => dayOf(one) > today - days * DAY);
  const net = (some: readonly Purchase[]): number => some.reduce((sum, { amountFen }) => sum + amountFen, 0);
  const bought = (some: readonly Purchase[]): readonly Purchase[] =>
    some.filter(({ amountFen }) => amountFen >= 0);
  const byTiering = tiering.find(({ until }) => at < until)!;
  const byRfm = rfm.find(({ until }) => at < until)!;
  const { windowDays, cutPoints } = byRfm.value;
  const points = (value: number, least: readonly number[]): number =>
    5 - [...least, -Infinity].findIndex((one) => value >= one);
  const last = bought(seen)
    .map(dayOf)
    .sort((x, y) => x - y)
    .at(-1);
  return {
    spend365dCny: (net(within(byTiering.value.windowDays)) / 100).toFixed(2),
    net365dCny: (net(within(windowDays)) / 100).toFixed(2),
    purchases365d: bought(within(windowDays)).length,
    lastPurchaseOn: last === undefined ? undefined : text(last),
    scores: {
      frequency: points(bought(within(windowDays)).length, cutPoints.frequency),
      monetary: points(
        net(within(windowDays)),
        cutPoints.monetaryCny.map((amount) => Number(amount) * 100),
      ),
    },
    recencyDays: cutPoints.recencyDays,
    policies: { tiering: byTiering.version, rfm: byRfm.version },
  };
}

describe('the figures of any customer', () => {
  it('R-020 R-024 are those of the day, and the next instant is the next at which time alone changes them', () => {
    fc.assert(
      fc.property(purchases, randomPolicies, fc.nat(40), (all, policies, phase) => {
        const periods = { tiering: policyPeriods(policies.tiering), rfm: policyPeriods(policies.rfm) };
        const basis = { ...periods, line: customerHistory({ purchases: all }).line, industry: undefined };
        const instants = Array.from({ length: 2 * DAYS }, (_, n) => {
          return FIRST - EIGHT_HOURS + Math.floor(n / 2) * DAY + (n % 2) * HALF_PAST_NINE;
        });
        const expected = instants.map((instant) => naive(all, periods, instant));
        instants.forEach((instant, n) => {
          const changes = n > 0 && !isSame(expected[n]!, expected[n - 1]!);
          if (!changes && n % 41 !== phase) return;
          expect(figuresAt(basis, instant)).toEqual(expected[n]);
          const next = expected.findIndex((figures, later) => later > n && !isSame(figures, expected[n]!));
          if (next >= 0) expect(nextFiguresAt(basis, instant)).toBe(instants[next]);
          else expect(nextFiguresAt(basis, instant) ?? Infinity).toBeGreaterThan(instants.at(-1)!);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('R-024 a purchase of the last day of a window leaves it at 00:00', () => {
    const at = (day: string, time = '00:00:00.000'): number => Date.parse(`${day}T${time}+08:00`);
    const { line } = customerHistory({ purchases: [{ purchasedOn: '2025-12-01', amountFen: 60_000_000 }] });
    const tiering = policyPeriods([defaultVersion(TIERING)]);
    const rfm = policyPeriods([defaultVersion(RFM)]);
    const basis = { line, tiering, rfm, industry: undefined };
    expect(figuresAt(basis, at('2026-11-30', '23:59:59.999')).spend365dCny).toBe('600000.00');
    expect(nextFiguresAt(basis, at('2026-11-30'))).toBe(at('2026-12-01'));
    expect(figuresAt(basis, at('2026-12-01'))).toMatchObject({
      spend365dCny: '0.00',
      purchases365d: 0,
      lastPurchaseOn: '2025-12-01',
      scores: { frequency: 1, monetary: 1 },
    });
    expect(nextFiguresAt(basis, at('2026-12-01'))).toBeUndefined();
  });
});
