import type { Progress } from './follower.ts';

/** The progress of who comes back again and again: a round that began and has not ended is work to do. */
export class Rounds {
  private ended = 0;
  private underWay = false;
  private steps = 0;

  /** Also after a round that failed: the same one is tried again. */
  begin(): void {
    this.underWay = true;
  }

  /** Something of it was done that is not done again. */
  step(): void {
    this.steps += 1;
  }

  end(): void {
    this.underWay = false;
    this.ended += 1;
  }

  readonly progress = (): Progress => {
    const { ended, underWay, steps } = this;
    return { position: ended, head: underWay ? ended + 1 : ended, steps };
  };
}
