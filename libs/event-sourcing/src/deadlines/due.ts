import type { EpochMillis } from '@rapport/platform';

/** Something that falls due, as a decider sees it from its state. */
export interface Due<Name extends string = string> {
  readonly name: Name;
  /** Which of several of that name in one stream; never personal. */
  readonly key?: string;
  readonly at: EpochMillis;
  /** The handbook's rule that sets it, `R-061 PLAN`. */
  readonly clause: string;
  /** Versions of the policies that it was computed by: name → version. */
  readonly policies?: Readonly<Record<string, number>>;
  /** Version of the calendar that it was computed by. */
  readonly calendar?: number;
  /** Whom it is about, where it is a customer. */
  readonly customerId?: string;
}

/** A due as it was recorded. */
export interface RecordedDue extends Due {
  readonly deadlineId: string;
  /** Counts the schedules of one deadline. */
  readonly generation: number;
}

/** In order of due; of the same instant in order of name and key, by code unit: the same order everywhere. */
export function byDue(x: Pick<Due, 'at' | 'name' | 'key'>, y: Pick<Due, 'at' | 'name' | 'key'>): number {
  return x.at - y.at || compare(x.name, y.name) || compare(x.key ?? '', y.key ?? '');
}

function compare(x: string, y: string): number {
  return x < y ? -1 : x > y ? 1 : 0;
}
