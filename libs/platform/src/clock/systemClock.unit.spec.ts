import { expect, it } from '@jest/globals';
import { systemTimers } from './systemClock.ts';

it('a sleep that is cut short rejects with what cut it short, as the port says', async () => {
  const why = new Error('why');
  const cut = new AbortController();
  const sleeping = systemTimers.sleep(60_000, cut.signal);
  cut.abort(why);
  await expect(sleeping).rejects.toBe(why);
  await expect(systemTimers.sleep(60_000, cut.signal)).rejects.toBe(why);
});
