import type { SweepOrigin } from '../sweeping/waitingPlace.ts';
import { DeadlineTargets } from './deadlineTargets.ts';
import type { ParkedSource } from '../parking/parkedSource.ts';
import type { DueSource } from './dueSource.ts';

export interface ProcessDeadlinesOptions {
  readonly dues: DueSource;
  readonly parked: ParkedSource;
  /** Names this process among those that share the sweeps. */
  readonly replica: string;
  /** Longest pause between two sweeps, in milliseconds; default 30,000. */
  readonly everyMs?: number;
}

/** The deadlines of the services in one process: who fires which, and their sweeps. */
export class ProcessDeadlines {
  private readonly targets = new Map<string, DeadlineTargets>();
  /** Of users, in this process: sweeps leave room for them. */
  commandsUnderWay = 0;
  private readonly sweepers = new Set<{ sweep(origin: SweepOrigin): Promise<void> }>();

  constructor(readonly options: ProcessDeadlinesOptions) {}

  /** Who fires the dues of a service. */
  of(service: string): DeadlineTargets {
    let targets = this.targets.get(service);
    if (targets === undefined) this.targets.set(service, (targets = new DeadlineTargets()));
    return targets;
  }

  add(sweeper: { sweep(origin: SweepOrigin): Promise<void> }): void {
    this.sweepers.add(sweeper);
  }

  /** Every service fires what is due by the business clock, as far as its view knows it. */
  async sweep(origin: SweepOrigin = 'live'): Promise<void> {
    await Promise.all([...this.sweepers].map((sweeper) => sweeper.sweep(origin)));
  }
}
