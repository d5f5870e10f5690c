/** Work that was let in; tells when it is over. */
export type Work = () => Promise<void>;

export interface AdmissionLimits {
  /** At work at the same time. */
  readonly running: number;
  /** Let in and waiting for their turn. */
  readonly waiting: number;
}

/** Lets in so many and no more, in order of arrival: what would pile up in memory is refused at the door. */
export class Admission {
  readonly #queue: Work[] = [];
  #running = 0;
  #onIdle: (() => void)[] = [];

  constructor(private readonly limits: AdmissionLimits) {}

  /** Under way: running or waiting. */
  get size(): number {
    return this.#running + this.#queue.length;
  }

  /** @returns false where it is full: nothing of it will be done */
  admit(work: Work): boolean {
    if (this.#running < this.limits.running) this.#run(work);
    else if (this.#queue.length < this.limits.waiting) this.#queue.push(work);
    else return false;
    return true;
  }

  /** Resolves when nothing is under way. */
  idle(): Promise<void> {
    if (this.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onIdle.push(resolve));
  }

  #run(work: Work): void {
    this.#running += 1;
    void work().finally(() => {
      this.#running -= 1;
      const next = this.#queue.shift();
      if (next !== undefined) this.#run(next);
      else if (this.#running === 0) for (const resolve of this.#onIdle.splice(0)) resolve();
    });
  }
}
