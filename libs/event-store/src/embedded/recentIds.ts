/** Ids of this many events are remembered at least, twice as many at most: some 10 MB. */
export const REMEMBERED_IDS = 65_536;

/**
 * The ids of the store's last events. There is no index on ids in the file: ids are random, so every event would
 * rewrite one more page of it, which doubled what a commit writes (measured: 8 to 15 kB an event at 100,000
 * events, 11 to 21 kB at 300,000) and with it the writer's time. An ordinary repeat is recognised by stream and
 * revision, whatever its age, and an id holds stream and content (contract.md); what is left is the same event
 * sent again soon after at another place, and that is noticed here.
 */
export class RecentIds {
  #young = new Set<string>();
  #old = new Set<string>();

  /** @param ids the store's last ids in store order */
  constructor(ids: Iterable<string> = []) {
    for (const id of ids) this.add(id);
  }

  has(id: string): boolean {
    return this.#young.has(id) || this.#old.has(id);
  }

  add(id: string): void {
    this.#young.add(id);
    if (this.#young.size < REMEMBERED_IDS) return;
    this.#old = this.#young;
    this.#young = new Set();
  }

  delete(id: string): void {
    this.#young.delete(id);
    this.#old.delete(id);
  }
}
