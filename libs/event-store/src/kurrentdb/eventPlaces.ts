import { REMEMBERED_IDS } from '../embedded/recentIds.ts';

/** Where an event stands. */
export interface EventPlace {
  readonly stream: string;
  readonly revision: number;
}

/**
 * Where the store's last events stand, by id: 65,536 at least, twice as many at most. KurrentDB recognises a
 * repeat at its place only, and stores the same id once more at any other.
 */
export class EventPlaces {
  #young = new Map<string, EventPlace>();
  #old = new Map<string, EventPlace>();

  constructor(private readonly remembered: number = REMEMBERED_IDS) {}

  get(id: string): EventPlace | undefined {
    return this.#young.get(id) ?? this.#old.get(id);
  }

  /** Events in store order. The first place of an id counts. */
  add(id: string, place: EventPlace): void {
    if (this.get(id) !== undefined) return;
    this.#young.set(id, place);
    if (this.#young.size < this.remembered) return;
    this.#old = this.#young;
    this.#young = new Map();
  }
}
