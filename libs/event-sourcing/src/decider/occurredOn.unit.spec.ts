import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dateOf, dateOfDayNumber, dayNumberAt, startOfDay } from '@rapport/calendar';
import { toMillis } from '@rapport/platform';
import { occurredOn } from './occurredOn.ts';

const DAY_MS = 86_400_000;

describe('when something happened of which only the day is known', () => {
  it('is the ledger’s now for today, the start of its day in Shanghai for the past, and refused for the future', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 40_000 * DAY_MS }),
        fc.integer({ min: -20_000, max: 20_000 }),
        (now, days) => {
          const date = dateOfDayNumber(dayNumberAt(now) + days);
          if (days > 0) {
            expect(() => occurredOn('servedOn', date, now)).toThrow(
              expect.objectContaining({ kind: 'invalid-input' }),
            );
            return;
          }
          const occurred = occurredOn('servedOn', date, now);
          if (days === 0) {
            expect(occurred).toEqual({});
            return;
          }
          const at = toMillis(occurred.occurredAt!);
          expect(at).toBe(startOfDay(date));
          expect(dateOf(at)).toBe(date);
          expect(at).toBeLessThan(now);
        },
      ),
      { numRuns: 200 },
    );
  });
});
