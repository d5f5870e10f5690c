import type { Timers } from '@rapport/platform';

interface Waiter {
  readonly position: number;
  resolve(reached: boolean): void;
}

/** Queries that wait until a position has been applied. */
export class PositionWaiters {
  private readonly waiters = new Set<Waiter>();
  private applied = -1;
  /** Called when somebody begins to wait. */
  onWaiting: (() => void) | undefined;

  constructor(private readonly timers: Timers) {}

  get position(): number {
    return this.applied;
  }

  /** @returns whether `position` was applied within `timeout` ms */
  reached(position: number, timeout: number): Promise<boolean> {
    if (position <= this.applied) return Promise.resolve(true);
    return new Promise((resolve) => {
      const waiter: Waiter = {
        position,
        resolve: (reached) => {
          this.waiters.delete(waiter);
          cancel();
          resolve(reached);
        },
      };
      const cancel = this.timers.schedule(timeout, () => waiter.resolve(false));
      this.waiters.add(waiter);
      this.onWaiting?.();
    });
  }

  /** Everything up to `position` can be read now. */
  advance(position: number): void {
    this.applied = Math.max(this.applied, position);
    for (const waiter of this.waiters) {
      if (waiter.position <= this.applied) waiter.resolve(true);
    }
  }

  get waiting(): boolean {
    return this.waiters.size > 0;
  }

  /** The view starts again: what was applied is not there any more. */
  reset(): void {
    this.applied = -1;
  }
}
