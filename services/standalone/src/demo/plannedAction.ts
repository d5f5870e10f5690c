import type { COMMANDS } from '@rapport/contracts';

/** Ids of what earlier actions created: an action's key → id, and the ids of its parts. */
export interface KnownIds {
  id(key: string): string;
  part(key: string, n: number): string;
}

/** One thing that somebody does in the demo's two years. */
export interface PlannedAction {
  /** Unique in the plan: the command id is derived from it. */
  readonly key: string;
  /** Day of the plan, from 0, and the milliseconds into it (Asia/Shanghai). */
  readonly day: number;
  readonly time: number;
  readonly role: string;
  readonly command: keyof typeof COMMANDS;
  /** Actions of one lane happen one after the other. */
  readonly lane: string;
  payload(ids: KnownIds, day: DemoDay): object;
}

/** The day on which an action happens. */
export interface DemoDay {
  /** `2026-11-22` of a day of the plan. */
  date(day: number): string;
  /** The instant in UTC at which a time of a day of the plan is. */
  instant(day: number, time: number): string;
}

export const HOUR = 3_600_000;
export const MINUTE = 60_000;
