import { isReadable, profileEvents, type ReadEvent } from '@rapport/contracts';
import { Problem, systemTimers, type Timers } from '@rapport/platform';
import { destroyErased, type KeyStore } from '@rapport/privacy';

/** How long a reader waits for erasures, in ms: as long as for a position, and shorter than the gateway waits. */
const WAIT_MS = 2_000;

interface Waiter {
  readonly position: number;
  readonly resolve: () => void;
}

/**
 * Destroys keys as the log calls people erased, and says how far it has come: who reads waits for it, so that
 * nobody sees a name between its erasure and the destruction that follows from it.
 */
export class ErasureFront {
  private waiters: Waiter[] = [];

  /** @param through position up to which the log's erasures have been carried out */
  constructor(
    private readonly keys: Pick<KeyStore, 'destroy'>,
    private through: number,
    private readonly timers: Pick<Timers, 'schedule'> = systemTimers,
  ) {}

  /** For a LogFollower; what it throws is reported and tried again. */
  readonly observe = async (events: readonly ReadEvent[]): Promise<void> => {
    const erased = events.filter(isReadable).filter(({ type }) => type === profileEvents.PersonErased.type);
    if (erased.length > 0) await destroyErased(erased, this.keys);
    this.through = Math.max(this.through, events.at(-1)!.position);
    for (const waiter of this.waiters) if (waiter.position <= this.through) waiter.resolve();
    this.waiters = this.waiters.filter((waiter) => waiter.position > this.through);
  };

  /**
   * Resolves when every erasure up to a position has been carried out.
   *
   * @throws Problem `unavailable` when that takes too long, as while the log can't be followed
   */
  passed(position: number): Promise<void> {
    if (position <= this.through) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const cancel = this.timers.schedule(WAIT_MS, () => {
        this.waiters = this.waiters.filter((other) => other !== waiter);
        reject(notCarriedOut());
      });
      const waiter: Waiter = {
        position,
        resolve: () => {
          cancel();
          resolve();
        },
      };
      this.waiters.push(waiter);
    });
  }
}

function notCarriedOut(): Problem {
  return new Problem({
    kind: 'unavailable',
    detail: 'It is not known yet whether somebody was erased just now: nothing is shown until it is.',
    retryAfter: 1,
  });
}
