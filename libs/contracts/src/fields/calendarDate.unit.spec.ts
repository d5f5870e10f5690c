import { describe, expect, it } from '@jest/globals';
import { validate } from 'class-validator';
import { CalendarDate } from './fields.ts';

class Visit {
  @CalendarDate()
  on!: unknown;
}

const refused = async (on: unknown): Promise<boolean> =>
  (await validate(Object.assign(new Visit(), { on }))).length > 0;

describe('days', () => {
  it.each(['0001-01-01', '1800-06-01', '1899-12-31', '2026-02-29', '10000-01-01', 20_260_101])(
    'refuses %s',
    async (day) => {
      expect(await refused(day)).toBe(true);
    },
  );

  it.each(['1900-01-01', '2024-02-29', '9999-12-31'])('takes %s', async (day) => {
    expect(await refused(day)).toBe(false);
  });
});
