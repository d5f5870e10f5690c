import { profileEvents, type RecordedEvent } from '@rapport/contracts';
import { destroyErased, type KeyStore } from '@rapport/privacy';

/**
 * Destroys keys as the log calls people erased, and says how far it has come: who reads waits for it, so that
 * nobody sees a name between its erasure and the destruction that follows from it.
 */
export class ErasureFront {
  private waiters: { readonly position: number; readonly resolve: () => void }[] = [];

  /** @param through position up to which the log's erasures have been carried out */
  constructor(
    private readonly keys: Pick<KeyStore, 'destroy'>,
    private through: number,
  ) {}

  /** For a LogFollower; what it throws is reported and tried again. */
  readonly observe = async (events: readonly RecordedEvent[]): Promise<void> => {
    const erased = events.filter(({ type }) => type === profileEvents.PersonErased.type);
    if (erased.length > 0) await destroyErased(erased, this.keys);
    this.through = Math.max(this.through, events.at(-1)!.position);
    for (const waiter of this.waiters) if (waiter.position <= this.through) waiter.resolve();
    this.waiters = this.waiters.filter((waiter) => waiter.position > this.through);
  };

  /** Resolves when every erasure up to a position has been carried out. */
  passed(position: number): Promise<void> {
    if (position <= this.through) return Promise.resolve();
    return new Promise((resolve) => this.waiters.push({ position, resolve }));
  }
}
