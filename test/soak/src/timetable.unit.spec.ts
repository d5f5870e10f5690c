import { expect, it } from '@jest/globals';
import { Timetable } from './timetable.ts';

it('does everything in its time, again and again, and something else in between', async () => {
  let now = 0;
  const done: string[] = [];
  const timetable = new Timetable(() => now);
  const note =
    (what: string, takes = 0) =>
    () => {
      done.push(`${now} ${what}`);
      now += takes;
    };
  timetable.every(3, note('rest', 1));
  timetable.at(5, note('policy'));
  timetable.at(20, note('never'));
  await timetable.run(12, async (until) => {
    now = until;
  });
  expect(done).toEqual(['3 rest', '5 policy', '7 rest', '11 rest']);
  expect(now).toBe(12);
});
