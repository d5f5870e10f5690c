import { describe, expect, it } from '@jest/globals';
import { toInstant } from '@rapport/platform';
import { shownFigures, type RecordedFigures } from './recordedFigures.ts';

const at = (day: string, time = '00:00:00.000'): number => Date.parse(`${day}T${time}+08:00`);
const recorded: RecordedFigures = {
  from: toInstant(at('2026-03-01', '10:00:00')),
  until: null,
  spend365dCny: '600000.00',
  net365dCny: '600000.00',
  purchases365d: 1,
  lastPurchaseOn: '2026-03-01',
  frequency: 1,
  monetary: 5,
  recencyDays: [30, 90, 180, 365],
};

describe('the figures of a customer, as they are shown', () => {
  it('R-024 days since the last purchase, and R, are those of today: right after midnight, without an event', () => {
    const shown = (day: string, time?: string): unknown => {
      const figures = shownFigures(recorded, at(day, time))!;
      return [figures.asOf, figures.daysSinceLastPurchase, figures.scores!.recency];
    };
    expect(shown('2026-03-31', '23:59:59.999')).toEqual(['2026-03-31', 30, 5]);
    expect(shown('2026-04-01')).toEqual(['2026-04-01', 31, 4]);
    expect(shown('2026-08-28')).toEqual(['2026-08-28', 180, 3]);
    expect(shown('2026-08-29')).toEqual(['2026-08-29', 181, 2]);
    expect(shown('2027-03-02')).toEqual(['2027-03-02', 366, 1]);
  });

  it('R-020 what has left a window is not shown as of today before it was worked out anew', () => {
    const held = { ...recorded, until: toInstant(at('2027-03-01')) };
    expect(shownFigures(held, at('2027-02-28', '23:59:59.999'))).toMatchObject({ asOf: '2027-02-28' });
    expect(shownFigures(held, at('2027-03-01'))).toMatchObject({
      asOf: '2027-02-28',
      spend365dCny: '600000.00',
      daysSinceLastPurchase: 364,
    });
  });

  it('R-025 a customer whose every purchase was voided has no scores', () => {
    expect(shownFigures({ ...recorded, lastPurchaseOn: null }, at('2026-03-02'))).toMatchObject({
      daysSinceLastPurchase: null,
      scores: null,
    });
    expect(shownFigures(null, at('2026-03-02'))).toBeNull();
  });
});
