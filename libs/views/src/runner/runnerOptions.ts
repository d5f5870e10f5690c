import type { CacheBudget, Followers, MonotonicClock, Timers } from '@rapport/platform';
import type { FieldOpener, Projection } from '../projection.ts';
import type { ViewStore } from '../viewStore.ts';
import type { EventLog } from './eventLog.ts';
import type { LeaseTimes } from './lease.ts';
import type { RunnerEvents } from './runnerEvents.ts';

export interface RunnerOptions {
  readonly projections: readonly Projection[];
  readonly log: EventLog;
  readonly store: ViewStore;
  /** Unique to this runner's life, such as a UUID made at start; never a name that is used again. */
  readonly owner: string;
  readonly clock: MonotonicClock;
  readonly timers: Timers;
  /** Where each projection registers, as it is kept up to date. */
  readonly followers: Pick<Followers, 'register'>;
  /** Needed where a projection names fields to open. */
  readonly opener?: FieldOpener;
  readonly events?: RunnerEvents;
  /** Default 5,000 ms each. */
  readonly times?: LeaseTimes;
  /** Where folded documents get their bytes. */
  readonly caches: CacheBudget;
}

/** The options with their defaults: what a task of the runner works with. */
export type RunnerParts = Omit<RunnerOptions, 'projections' | 'opener'> &
  Required<Pick<RunnerOptions, 'events' | 'times'>> & {
    readonly opener: FieldOpener | undefined;
  };
