import { categoryOf, type Category } from '@rapport/contracts';
import type { DeadlineTarget } from './fireRequest.ts';

/** Who fires the dues of which streams, in one service of this process. */
export class DeadlineTargets {
  private readonly targets = new Map<string, DeadlineTarget>();

  get isEmpty(): boolean {
    return this.targets.size === 0;
  }

  /** @throws TypeError where two would fire the dues of one category */
  register(category: Category, target: DeadlineTarget): void {
    if (this.targets.has(category)) throw new TypeError(`two would fire the dues of ${category}- streams`);
    this.targets.set(category, target);
  }

  of(stream: string): DeadlineTarget | undefined {
    return this.targets.get(categoryOf(stream));
  }
}
