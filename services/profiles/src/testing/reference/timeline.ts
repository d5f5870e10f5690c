import type { EpochMillis } from '@rapport/platform';

/** A value that holds from an instant up to the next step. */
export interface Step<T> {
  readonly from: EpochMillis;
  readonly value: T;
}

/** A value over time: steps with ascending `from`, each different from the one before. */
export type Timeline<T> = readonly Step<T>[];

/** Appends what holds from an instant, keeping a timeline's form: the last of several at one instant counts. */
export function extend<T>(steps: Step<T>[], from: EpochMillis, value: T): void {
  if (steps.at(-1)?.from === from) steps.pop();
  if (steps.at(-1)?.value !== value) steps.push({ from, value });
}

/** Index of the step in force at an instant; -1 before the first. */
export function stepAt(timeline: Timeline<unknown>, instant: EpochMillis): number {
  let low = 0;
  let high = timeline.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (timeline[middle]!.from <= instant) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
