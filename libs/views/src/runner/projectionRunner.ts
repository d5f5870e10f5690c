import type { StoreHead } from '@rapport/event-store';
import { projectionId } from '../viewStore.ts';
import type { ParkedKey } from '../viewStore.ts';
import type { EventLog } from './eventLog.ts';
import { ProjectionTask } from './projectionTask.ts';
import type { ProjectionStatus } from './projectionTask.ts';
import type { RunnerOptions, RunnerParts } from './runnerOptions.ts';
import type { UnparkResult } from './unparkKeys.ts';

/**
 * Keeps views up to date with the log: each projection on its own, in the order of the log, with an effect of exactly
 * once (contract.md, «Views»). Any number of runners may name the same projections; one owns each, the others stand by.
 */
export class ProjectionRunner {
  private readonly tasks: ReadonlyMap<string, ProjectionTask>;
  private readonly log: EventLog;
  private readonly stopping = new AbortController();
  private readonly forget: readonly (() => void)[];
  private running: Promise<unknown> | undefined;

  constructor({ projections, ...options }: RunnerOptions) {
    const { events = {}, times = { lease: 5_000, longestOperation: 5_000 }, opener } = options;
    const parts: RunnerParts = { ...options, opener, events, times };
    this.log = options.log;
    this.tasks = new Map(
      projections.map((projection) => [projectionId(projection), new ProjectionTask(parts, projection)]),
    );
    if (this.tasks.size < projections.length)
      throw new TypeError('a projection is named twice in one runner');
    this.forget = [...this.tasks.values()].map((task) =>
      options.followers.register({
        kind: 'projection',
        name: task.id,
        progress: async (look) => task.progress((await look.head(this.log)).index),
      }),
    );
  }

  /** Begins; safe to call once. What goes wrong later is told to `events` and stands in status(). */
  start(): void {
    if (this.running !== undefined) throw new TypeError('the runner was started before');
    this.running = Promise.all([...this.tasks.values()].map((task) => task.run(this.stopping.signal)));
  }

  /** Finishes what is being written and lets go, so that another may take over at once. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    for (const forget of this.forget) forget();
  }

  /** @param head of the log, where somebody asks several runners */
  async status(head: Promise<StoreHead> = this.log.head()): Promise<readonly ProjectionStatus[]> {
    const { index } = await head;
    return Promise.all([...this.tasks.values()].map((task) => task.status(index)));
  }

  /**
   * Waits until a view shows everything up to a position: what a command's answer named.
   *
   * @param projection as of projectionId(): `tier@2`
   * @param timeout in ms
   * @returns false when it did not come in time: answer marked as stale
   */
  reached(projection: string, position: number, timeout: number): Promise<boolean> {
    return this.task(projection).reached(position, timeout);
  }

  /** Why a key waits, undefined where it does not: a query that names it is answered with 409. */
  parkedKey(projection: string, key: string): Promise<ParkedKey | undefined> {
    return this.task(projection).parkedKey(key);
  }

  /** Reads what a parked key missed again and lets it go on; only the owner can. */
  unpark(projection: string, key: string): Promise<UnparkResult | { readonly status: 'not-owner' }> {
    return this.task(projection).unpark(key);
  }

  private task(projection: string): ProjectionTask {
    const task = this.tasks.get(projection);
    if (task === undefined) throw new RangeError(`the runner has no projection ${projection}`);
    return task;
  }
}
