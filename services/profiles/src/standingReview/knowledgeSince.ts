import type { EpochMillis } from '@rapport/platform';
import type { StandingChange } from './standingChange.ts';

/** An instant at which something became known, and what was known from then on. */
export interface Knowledge {
  readonly at: EpochMillis;
  /** Changes up to this index. */
  readonly through: number;
  readonly imported: boolean;
}

/** What the last decision knew: the changes up to an index, the last of them known at an instant. */
export interface LastKnown {
  readonly through: number;
  /** Undefined where it knew none. */
  readonly at: EpochMillis | undefined;
  /** When the last decided change took effect; -Infinity without one. */
  readonly changedAt: EpochMillis;
}

/** What the last decision knew, from when it can be judged by, then what became known since. */
export function knowledgeSince(
  { through, at, changedAt }: LastKnown,
  later: Iterable<StandingChange>,
): readonly Knowledge[] {
  const points: Knowledge[] = [];
  // Instants of knowing never step back, whatever the ledgers' clocks did (contract.md, «Time and effects»).
  let clock = Math.max(at ?? -Infinity, changedAt);
  if (at !== undefined) points.push({ at: clock, through, imported: false });
  for (const { index, recordedAt, imported } of later) {
    clock = Math.max(clock, recordedAt);
    const last = points.at(-1);
    const together = last !== undefined && last.through > through;
    if (together && (last.at === clock || (last.imported && imported))) points.pop();
    points.push({ at: clock, through: index, imported });
  }
  return points;
}
