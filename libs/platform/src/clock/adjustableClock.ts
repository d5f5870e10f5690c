import type { Clock, EpochMillis } from './clock.ts';

/**
 * A clock whose source can be exchanged while it runs: the demo moves it through two years and then hands it
 * to the system's clock; tests set it.
 */
export class AdjustableClock implements Clock {
  private fixed: EpochMillis | undefined;

  constructor(private readonly source: Clock) {}

  now(): EpochMillis {
    return this.fixed ?? this.source.now();
  }

  /** Stands still at `instant` until moved again or released. */
  moveTo(instant: EpochMillis): void {
    this.fixed = instant;
  }

  /** Follows its source again. */
  release(): void {
    this.fixed = undefined;
  }
}
