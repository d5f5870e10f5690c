import type { Progress } from './follower.ts';

/** Where one is in the log: positions order all events, indexes number the counted ones. */
export interface LogPlace {
  readonly position: number;
  readonly index: number;
}

/** How far somebody is that follows the log; where only some streams are followed, its distance is an upper bound. */
export class LogProgress {
  private position = -1;
  private index = -1;

  /** @param index where it is known: of the last counted event up to there */
  reached(position: number, index?: number | null): void {
    this.position = Math.max(this.position, position);
    if (typeof index === 'number') this.index = Math.max(this.index, index);
  }

  to(head: LogPlace, steps = 0): Progress {
    const { position } = this;
    if (position >= head.position) this.reached(position, head.index);
    const distance = position >= head.position ? 0 : Math.max(1, head.index - this.index);
    return { position, head: head.position, distance, steps };
  }
}
