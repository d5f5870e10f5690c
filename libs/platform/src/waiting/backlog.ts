import type { WaitingPlace } from './waitingPlace.ts';

export interface BacklogLimits {
  readonly limit: number;
  /** Together, where what waits differs in size. */
  readonly bytes?: number;
}

/** Counts what waits at one place, and lets in no more than may. */
export class Backlog implements WaitingPlace {
  #waiting = 0;
  #bytes = 0;
  #refused = 0;
  #abandoned = 0;

  constructor(
    readonly name: string,
    private readonly limits: BacklogLimits,
  ) {}

  get limit(): number {
    return this.limits.limit;
  }

  get waiting(): number {
    return this.#waiting;
  }

  get refused(): number {
    return this.#refused;
  }

  get abandoned(): number {
    return this.#abandoned;
  }

  /** @returns false where it is full. One that is larger than all the room is let in where it is alone. */
  enter(bytes = 0): boolean {
    const { limit, bytes: room = Infinity } = this.limits;
    if (this.#waiting >= limit || (this.#waiting > 0 && this.#bytes + bytes > room)) {
      this.#refused += 1;
      return false;
    }
    this.#waiting += 1;
    this.#bytes += bytes;
    return true;
  }

  leave(bytes = 0): void {
    this.#waiting -= 1;
    this.#bytes -= bytes;
  }

  /** For a part of the place that has a bound of its own. */
  refuse(): void {
    this.#refused += 1;
  }

  /** It had its turn, and nobody waited for it any more. */
  abandon(): void {
    this.#abandoned += 1;
  }
}
