import type { MonotonicClock, Timers } from '@rapport/platform';
import type { Epoch, ProjectionControl } from '../viewStore.ts';
import { Fenced } from './fenced.ts';

export interface LeaseTimes {
  /** How long an owner may write after its last beat, in ms. */
  readonly lease: number;
  /** How long one operation on the store may be under way, in ms. */
  readonly longestOperation: number;
}

export interface LeaseParts {
  readonly control: ProjectionControl;
  readonly projection: string;
  /** Unique to this runner: an epoch under this name is its own. */
  readonly owner: string;
  readonly clock: MonotonicClock;
  readonly timers: Timers;
  readonly times: LeaseTimes;
  /** Told at each look at which another owner has it. */
  readonly standingBy?: () => void;
}

/**
 * The right to write one projection, for as long as the own clock says.
 *
 * Why two never write at once: an owner starts an operation only within `lease` of the start of its last good beat,
 * and an operation is under way for at most `longestOperation`. A successor claims after it has seen the same beat
 * for both together, so all that the owner could send has arrived by then. An owner whose lease ran out does not beat
 * again, as a successor may be about to claim; it claims the next epoch itself. Nobody compares clocks of two
 * machines. What this rests on is that clocks run alike and that no operation takes longer than it says; where it
 * does, the index guard and the epoch of the checkpoint still keep documents right, and the loser is fenced.
 */
export class Lease {
  private until: number;
  private lost = false;

  private constructor(
    private readonly parts: LeaseParts,
    readonly epoch: number,
    claimedAt: number,
  ) {
    this.until = claimedAt + parts.times.lease;
  }

  /** Waits for as long as another owner lives. Rejects when `signal` aborts. */
  static async acquire(parts: LeaseParts, signal: AbortSignal): Promise<Lease> {
    const { control, projection, owner, clock, timers, times } = parts;
    let seen: Epoch | undefined;
    let since = 0;
    for (;;) {
      signal.throwIfAborted();
      const lookedAt = clock.now();
      const current = await control.currentEpoch(projection);
      if (current?.epoch !== seen?.epoch || current?.beat !== seen?.beat) {
        seen = current;
        since = clock.now();
      }
      const stoodStill = lookedAt - since >= times.lease + times.longestOperation;
      if (current === undefined || current.released || current.owner === owner || stoodStill) {
        const claimedAt = clock.now();
        const claimed = await control.claimEpoch(projection, owner, (current?.epoch ?? 0) + 1);
        if (claimed !== undefined) return new Lease(parts, claimed.epoch, claimedAt);
        continue;
      }
      parts.standingBy?.();
      await timers.sleep(Math.max(1, times.lease / 4), signal);
    }
  }

  /** Whether an operation that writes may be started now. */
  get held(): boolean {
    return !this.lost && this.parts.clock.now() < this.until;
  }

  /** @throws Fenced */
  assertHeld(): void {
    if (!this.held) throw new Fenced('lease', this.parts.projection, this.epoch);
  }

  /** Says that the owner lives. @throws Fenced when the lease has run out or another has claimed */
  async renew(): Promise<void> {
    this.assertHeld();
    const { control, projection, clock, times } = this.parts;
    const sentAt = clock.now();
    if (!(await control.beat(projection, this.epoch))) {
      this.lost = true;
      throw new Fenced('epoch', projection, this.epoch);
    }
    // A beat that was under way for too long may have come after a successor's last look.
    if (clock.now() - sentAt <= times.longestOperation) this.until = sentAt + times.lease;
  }

  /** Beats until `signal` aborts. @throws Fenced, or what the store answers three times in a row */
  async keep(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      await this.parts.timers.sleep(this.parts.times.lease / 3, signal);
      try {
        await this.renew();
        failures = 0;
      } catch (error) {
        if (error instanceof Fenced || ++failures === 3) throw error;
      }
    }
  }

  /** After the last write has been answered: a successor need not wait. */
  async release(): Promise<void> {
    this.lost = true;
    await this.parts.control.release(this.parts.projection, this.epoch);
  }
}
