import type { Timers } from './clock.ts';
import { systemTimers } from './systemClock.ts';

/**
 * What comes of a promise, if it comes within `ms`: for work that has no bound of its own. What comes later goes nowhere,
 * and its failure is nobody's.
 *
 * @throws what `late` makes, when it takes longer
 */
export function inTime<T>(
  work: Promise<T>,
  ms: number,
  late: () => Error,
  timers: Pick<Timers, 'schedule'> = systemTimers,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const cancel = timers.schedule(ms, () => reject(late()));
    work.finally(cancel).then(resolve, reject);
  });
}
