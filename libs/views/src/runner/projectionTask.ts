import { StoreError } from '@rapport/event-store';
import { Problem, type Progress } from '@rapport/platform';
import type { Projection } from '../projection.ts';
import { projectionId } from '../viewStore.ts';
import type { Checkpoint, ParkedKey } from '../viewStore.ts';
import { ViewStoreError } from '../viewStoreError.ts';
import { failureText } from './failureText.ts';
import { FoldedAhead } from './foldedAhead.ts';
import { Fenced } from './fenced.ts';
import { Lease } from './lease.ts';
import { PositionWaiters } from './positionWaiters.ts';
import { releaseReadable } from './releaseReadable.ts';
import type { RunnerParts } from './runnerOptions.ts';
import { isStreamKey } from './streamKey.ts';
import { Tenure } from './tenure.ts';
import { unparkKeys } from './unparkKeys.ts';
import type { UnparkResult } from './unparkKeys.ts';
import { unparkStreams } from './unparkStreams.ts';

export type ProjectionState = 'stopped' | 'standby' | 'owner' | 'waiting-for-keys' | 'failed';

export interface ProjectionStatus {
  readonly projection: string;
  readonly state: ProjectionState;
  /** While it is owner. */
  readonly epoch?: number;
  readonly checkpoint?: Omit<Checkpoint, 'counts'>;
  /** Counted events between the checkpoint and the head of the log. */
  readonly lag: number;
  /** The first ones in order of key. */
  readonly parked: readonly ParkedKey[];
  /** How many there are. */
  readonly parkedKeys: number;
  /** Why it failed, or why it is tried again: the error's name and code, as of failureText(). */
  readonly failure?: string;
}

const FIRST_DELAY = 100;
const LONGEST_DELAY = 10_000;
const POLL = 50;
/** Parked keys that a status shows. */
const SHOWN = 1_000;

/** One projection of a runner: stands by, owns, is fenced, stands by again. */
export class ProjectionTask {
  readonly id: string;
  private readonly waiters: PositionWaiters;
  private state: ProjectionState = 'stopped';
  private failure: string | undefined;
  private tenure: Tenure | undefined;
  private polling = false;
  /** Index up to which this runner knows the view to show everything. */
  private shown = -1;
  /** Another runner owns the projection, and lives. */
  private standsBy = false;

  constructor(
    private readonly parts: RunnerParts,
    private readonly projection: Projection,
  ) {
    this.id = projectionId(projection);
    this.waiters = new PositionWaiters(parts.timers);
  }

  /** Resolves when `signal` aborts, or when the projection has failed for good. */
  async run(signal: AbortSignal): Promise<void> {
    let delay = FIRST_DELAY;
    const { clock, events, timers } = this.parts;
    while (!signal.aborted) {
      const since = clock.now();
      try {
        await this.own(signal);
      } catch (error) {
        if (error instanceof Fenced) events.fenced?.(error);
        else if (signal.aborted) break;
        else if (!isTransient(error)) return this.fail(error);
        else this.retry(error, delay);
        // Also after a fence: should two ever fence each other in turn, they do it slowly.
        if (clock.now() - since > LONGEST_DELAY) delay = FIRST_DELAY;
        await timers.sleep(delay, signal).catch(() => undefined);
        delay = Math.min(2 * delay, LONGEST_DELAY);
      }
    }
    this.state = 'stopped';
  }

  /** @returns whether everything up to `position` could be read within `timeout` ms */
  reached(position: number, timeout: number): Promise<boolean> {
    const reached = this.waiters.reached(position, timeout);
    if (this.tenure === undefined && this.waiters.waiting) void this.pollCheckpoint();
    return reached;
  }

  async status(head: number): Promise<ProjectionStatus> {
    const { control } = this.parts.store;
    const checkpoint = await control.loadCheckpoint(this.id);
    const own = checkpoint?.logId === this.parts.log.logId ? placeOf(checkpoint) : undefined;
    return {
      projection: this.id,
      state: this.tenure?.waitingForKeys === true ? 'waiting-for-keys' : this.state,
      epoch: this.tenure?.parts.lease.epoch,
      checkpoint: own,
      lag: Math.max(0, head - (own?.index ?? -1)),
      parked: await control.parked(this.id, { limit: SHOWN }),
      parkedKeys: await control.countParked(this.id),
      failure: this.failure,
    };
  }

  /**
   * How far the projection is. An owner knows; of another's the store is asked.
   *
   * @param head index of the log's last counted event
   */
  async progress(head: number): Promise<Progress> {
    if (this.standsBy) {
      const checkpoint = await this.parts.store.control.loadCheckpoint(this.id);
      if (checkpoint?.logId === this.parts.log.logId) this.shown = checkpoint.index;
    }
    return { position: this.shown, head, standsBy: this.standsBy };
  }

  /** What is parked under a key: the owner need not ask where nothing is. */
  async parkedKey(key: string): Promise<ParkedKey | undefined> {
    if (this.tenure?.parked.none === true) return undefined;
    const [entry] = await this.parts.store.control.parkedAmong(this.id, [key]);
    return entry;
  }

  async unpark(key: string): Promise<UnparkResult | { readonly status: 'not-owner' }> {
    const { tenure } = this;
    if (tenure === undefined) return { status: 'not-owner' };
    const unpark = isStreamKey(key) ? unparkStreams : unparkKeys;
    return (await unpark(tenure, [key])).get(key)!;
  }

  private async own(signal: AbortSignal): Promise<void> {
    const { store, log, owner, clock, timers, times, opener, events, caches } = this.parts;
    const { control } = store;
    this.state = 'standby';
    // Whose store answers, and who has nothing to do, is not being tried again.
    const standingBy = (): void => {
      this.failure = undefined;
      this.standsBy = true;
    };
    const parts = { control, projection: this.id, owner, clock, timers, times, standingBy };
    const lease = await Lease.acquire(parts, signal).finally(() => (this.standsBy = false));
    try {
      const collection = await store.open(this.projection);
      const { projection, waiters } = this;
      const own = { projection, collection, control, log, lease, opener, timers, waiters, events };
      this.state = 'owner';
      this.failure = undefined;
      events.acquired?.(this.id, lease.epoch);
      while (!signal.aborted) {
        const former = this.tenure && { recountAt: this.tenure.recountAt };
        const resumed = (tenure: Tenure): void => this.release(tenure);
        const shown = (index: number): void => void (this.shown = index);
        // Of each tenure its own: documents go with the tenure that folded them.
        const room = caches.part('documents');
        this.tenure = new Tenure({ ...own, room, shown, former, ...(former === undefined && { resumed }) });
        await this.tenure
          .run(signal)
          .catch((error: unknown) => {
            if (!(error instanceof FoldedAhead)) throw error;
          })
          .finally(() => room.close());
      }
    } finally {
      this.tenure = undefined;
      this.state = 'standby';
      if (this.waiters.waiting) void this.pollCheckpoint();
      // Every write was answered. One that was answered with a failure may still arrive: what it writes is right for
      // its index, and the guard refuses it where a successor is further. If the store does not answer now, the
      // successor waits the lease out.
      await lease.release().catch(() => undefined);
    }
  }

  /** Not waited for: what was parked by an earlier release comes back while others go on. */
  private release(tenure: Tenure): void {
    releaseReadable(tenure).catch((error: unknown) => {
      // It stays parked until the next tenure, or an operator, tries again.
      if (!tenure.ended) this.parts.events.retrying?.(this.id, error, 0);
    });
  }

  private retry(error: unknown, delay: number): void {
    this.failure = failureText(error);
    this.parts.events.retrying?.(this.id, error, delay);
  }

  private fail(error: unknown): void {
    this.state = 'failed';
    this.failure = failureText(error);
    this.parts.events.failed?.(this.id, error);
  }

  /** Another process owns the projection: its checkpoint says how far it is. */
  private async pollCheckpoint(): Promise<void> {
    if (this.polling) return;
    this.polling = true;
    try {
      while (this.waiters.waiting && this.tenure === undefined) {
        const checkpoint = await this.parts.store.control.loadCheckpoint(this.id);
        if (checkpoint?.logId === this.parts.log.logId) this.waiters.advance(checkpoint.position);
        await this.parts.timers.sleep(POLL);
      }
    } catch (error) {
      // The waiters run into their deadlines, which says it to whoever asked.
      this.parts.events.retrying?.(this.id, error, POLL);
    } finally {
      this.polling = false;
    }
  }
}

function placeOf({ logId, index, position }: Checkpoint): Omit<Checkpoint, 'counts'> {
  return { logId, index, position };
}

function isTransient(error: unknown): boolean {
  if (error instanceof ViewStoreError) return error.transient;
  // A log in another process: the ledger, or the way to it, is away or full.
  if (error instanceof Problem) return error.kind === 'unavailable' || error.kind === 'too-many-requests';
  return error instanceof StoreError && error.failure === 'unavailable';
}
