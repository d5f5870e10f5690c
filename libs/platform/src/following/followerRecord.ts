import type { Progress } from './follower.ts';

/** How long a follower may stand still with work to do before it is told, in ms of watching. */
export const STILL_MS = 45_000;

/** Heads that are remembered: of more, every second one goes, and ages are told as much too young. */
const MOST_HEADS = 256;

interface SeenHead {
  readonly head: number;
  readonly at: number;
}

/** What is known of one follower from the looks at it. Instants are ms of a clock that never goes back. */
export interface FollowerRecord {
  /** The most that was ever done: whoever does the same again and again makes no progress. */
  readonly furthest: number;
  readonly steps: number;
  readonly distance: number;
  readonly standsBy: boolean;
  /** When it was last seen to have made progress, or to have nothing to do. */
  readonly progressAt: number;
  /** Heads that it has not reached, oldest first, and when they were first seen. */
  readonly ahead: readonly SeenHead[];
  /** How long it has been watched to stand still with work to do, and not to be measurable. */
  readonly stillMs: number;
  readonly unmeasuredMs: number;
  readonly measuredAt: number | undefined;
}

export function newRecord(now: number): FollowerRecord {
  return {
    furthest: -Infinity,
    steps: 0,
    distance: 0,
    standsBy: false,
    progressAt: now,
    ahead: [],
    stillMs: 0,
    unmeasuredMs: 0,
    measuredAt: undefined,
  };
}

/**
 * The record after one more look.
 *
 * @param progress undefined where it could not be measured: it then stands where it stood
 * @param watchedMs what counts of the time since the look before. Time in which nobody could look, as while the process
 *   was suspended, is nobody's standstill
 */
export function afterLook(
  record: FollowerRecord,
  progress: Progress | undefined,
  now: number,
  watchedMs: number,
): FollowerRecord {
  if (progress === undefined) {
    const still = record.distance > 0 && !record.standsBy;
    return {
      ...record,
      stillMs: still ? record.stillMs + watchedMs : 0,
      unmeasuredMs: record.unmeasuredMs + watchedMs,
    };
  }
  const { position, head, steps = 0, standsBy = false } = progress;
  const distance = Math.max(0, progress.distance ?? head - position);
  const further = position > record.furthest;
  const moved = further || (position === record.furthest && steps > record.steps);
  const still = distance > 0 && !moved;
  // Work that was not there at the look before has waited for no time that is known.
  const waited = record.distance > 0 && !record.standsBy && !standsBy;
  return {
    furthest: Math.max(position, record.furthest),
    steps: further ? steps : Math.max(steps, record.steps),
    distance,
    standsBy,
    progressAt: still ? record.progressAt : now,
    ahead: distance === 0 ? [] : headsAhead(record.ahead, position, { head, at: now }),
    stillMs: still && waited ? record.stillMs + watchedMs : 0,
    unmeasuredMs: 0,
    measuredAt: now,
  };
}

/** With work to do, and watched to do nothing of it for STILL_MS. */
export function standsStill({ stillMs }: FollowerRecord): boolean {
  return stillMs >= STILL_MS;
}

function headsAhead(seen: readonly SeenHead[], position: number, now: SeenHead): readonly SeenHead[] {
  const ahead = seen.filter(({ head }) => head > position);
  if ((ahead.at(-1)?.head ?? -Infinity) < now.head) ahead.push(now);
  return ahead.length > MOST_HEADS ? ahead.filter((_, n) => n % 2 === 0) : ahead;
}
