import type { Projection } from '../projection.ts';
import { ProjectionRunner } from '../runner/projectionRunner.ts';
import type { RunnerOptions } from '../runner/runnerOptions.ts';
import type { ProjectionStatus } from '../runner/projectionTask.ts';
import { projectionId } from '../viewStore.ts';
import { invalidView } from '../viewStoreError.ts';
import { compareViews } from './compareViews.ts';
import type { CompareOptions, ViewComparison } from './compareViews.ts';

export type RebuildOptions = Omit<RunnerOptions, 'projections'>;

/**
 * A new version of a view beside the live one, which goes on answering: build it, compare it, switch to it, and back
 * if it was a mistake. Both follow the log until the one that is not wanted any more is dropped.
 *
 * ```ts
 * const rebuild = new ViewRebuild(tierV2, options);
 * rebuild.start();
 * if (!(await rebuild.caughtUp(60_000))) …
 * const comparison = await rebuild.compare(tierV1);
 * await rebuild.switch();
 * ```
 */
export class ViewRebuild {
  private readonly id: string;

  /**
   * @param options with an owner of its own; the same log object as the live runner shares its pass at the head
   * @param runner of the candidate alone, where there is one already
   */
  constructor(
    private readonly candidate: Projection,
    private readonly options: RebuildOptions,
    private readonly runner = new ProjectionRunner({ ...options, projections: [candidate] }),
  ) {
    this.id = projectionId(candidate);
  }

  start(): void {
    this.runner.start();
  }

  /** @returns whether it shows, within `timeout` ms, everything that is in the log now */
  async caughtUp(timeout: number): Promise<boolean> {
    const { position } = await this.options.log.head();
    return this.runner.reached(this.id, position, timeout);
  }

  async status(): Promise<ProjectionStatus> {
    const [status] = await this.runner.status();
    return status!;
  }

  async compare(live: Projection, options?: CompareOptions): Promise<ViewComparison> {
    if (live.name !== this.candidate.name)
      throw invalidView(`${live.name} is not another version of ${this.candidate.name}`);
    const { store } = this.options;
    return compareViews(await store.open(live), await store.open(this.candidate), options);
  }

  /**
   * Makes the candidate answer. Refused while it is behind: users would see the past.
   *
   * @param timeout ms to catch up with what is in the log now
   * @throws ViewStoreError `invalid` when it is behind or has parked keys
   */
  async switch(timeout = 5_000): Promise<void> {
    const { name, version } = this.candidate;
    if (!(await this.caughtUp(timeout)))
      throw invalidView(`version ${version} of ${name} is behind: wait until it caught up`);
    const { parkedKeys } = await this.status();
    if (parkedKeys > 0)
      throw invalidView(`version ${version} of ${name} has ${parkedKeys} parked keys: repair its fold`);
    await this.options.store.switchTo(name, version);
  }

  /** Makes the former version answer again; it must still be kept up to date by its own runner. */
  async switchBack(former: Projection): Promise<void> {
    await this.options.store.switchTo(former.name, former.version);
  }

  /** Ends the building; the candidate stays as it is, and goes on from there when it is started again. */
  async stop(): Promise<void> {
    await this.runner.stop();
  }
}
