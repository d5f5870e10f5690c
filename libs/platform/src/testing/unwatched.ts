import { systemMonotonicClock, systemTimers } from '../clock/systemClock.ts';
import { Followers } from '../following/followers.ts';

/** For followers that a test makes and nobody looks at. */
export function unwatched(): Followers {
  const tell = (): void => undefined;
  return new Followers({ clock: systemMonotonicClock, timers: systemTimers, alert: tell, inform: tell });
}
