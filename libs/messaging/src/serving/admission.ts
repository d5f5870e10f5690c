import type { Wanted, WaitingPlace } from '@rapport/platform';

/** Work that asks to be let in. */
export interface Work {
  /** Says false once nobody waits for its answer any more. */
  readonly wanted: Wanted;
  /** Begins; resolves when it is over. Never rejects. */
  run(): Promise<void>;
  /** It will not be begun. */
  abandon(): void;
}

export interface AdmissionLimits {
  /** At work at the same time. */
  readonly running: number;
  /** Let in and waiting for their turn. */
  readonly waiting: number;
}

/**
 * Lets in so many and no more, in order of arrival: what would pile up in memory is refused at the door. What nobody
 * waits for any more is not begun, and gives up its place to what comes.
 */
export class Admission implements WaitingPlace {
  readonly #queue = new Set<Work>();
  #running = 0;
  #refused = 0;
  #abandoned = 0;
  #onIdle: (() => void)[] = [];

  constructor(
    readonly name: string,
    private readonly limits: AdmissionLimits,
  ) {}

  get waiting(): number {
    return this.#queue.size;
  }

  get limit(): number {
    return this.limits.waiting;
  }

  get refused(): number {
    return this.#refused;
  }

  get abandoned(): number {
    return this.#abandoned;
  }

  /** Under way: running or waiting. */
  get size(): number {
    return this.#running + this.#queue.size;
  }

  /** @returns false where it is full: nothing of it will be done */
  admit(work: Work): boolean {
    if (this.#running < this.limits.running) {
      this.#run(work);
      return true;
    }
    if (this.#queue.size >= this.limits.waiting) this.#abandonUnwanted();
    if (this.#queue.size >= this.limits.waiting) {
      this.#refused += 1;
      return false;
    }
    this.#queue.add(work);
    return true;
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    if (this.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  #run(work: Work): void {
    this.#running += 1;
    void work.run().finally(() => {
      this.#running -= 1;
      const next = this.#next();
      if (next !== undefined) this.#run(next);
      else if (this.#running === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
    });
  }

  /** The first that is still wanted. */
  #next(): Work | undefined {
    for (const work of this.#queue) {
      if (work.wanted()) {
        this.#queue.delete(work);
        return work;
      }
      this.#abandon(work);
    }
    return undefined;
  }

  #abandonUnwanted(): void {
    for (const work of this.#queue) if (!work.wanted()) this.#abandon(work);
  }

  #abandon(work: Work): void {
    this.#queue.delete(work);
    this.#abandoned += 1;
    work.abandon();
  }
}
