import { NO_CUSTOMER_PARTITION } from '@rapport/contracts';
import type { EventStore, StoredEvent } from '@rapport/event-store';
import { type FactAt, partitionOfEvent } from '@rapport/messaging';

const PARTITION_COUNT = NO_CUSTOMER_PARTITION + 1;

/** Events read at once on the way back. */
const PAGE = 1_000;

/** The facts stream's own knowledge: the last fact of partitions, up to the event of this index. */
export type LastInPartitions = (partitions: readonly number[]) => Promise<ReadonlyMap<number, FactAt>>;

/** Index of the last event of each partition, -1 where there is none: the source of Crm-Prev-Index. */
export class PartitionHeads {
  private constructor(private readonly heads: number[]) {}

  static empty(): PartitionHeads {
    return new PartitionHeads(Array.from({ length: PARTITION_COUNT }, () => -1));
  }

  /**
   * As the log has them up to and with an index. Exact, and cheap: the page before it tells nearly all, the stream
   * the rest (a partition of few events may lie far back), and what that has dropped the log, page by page.
   * What the stream tells counts only where the log says the same.
   */
  static async upTo(index: number, store: EventStore, stream: LastInPartitions): Promise<PartitionHeads> {
    const heads = PartitionHeads.empty();
    if (index < 0) return heads;
    let from = await heads.#page(store, index + 1);
    if (from > 0 && heads.#missing().length > 0)
      await heads.#ask(store, from, await stream(heads.#missing()));
    while (from > 0 && heads.#missing().length > 0) from = await heads.#page(store, from);
    return heads;
  }

  /** Takes in the next event of a partition. @returns the index of the one before it there */
  take(partition: number, index: number): number {
    const previous = this.heads[partition]!;
    this.heads[partition] = index;
    return previous;
  }

  /** For tests. */
  toArray(): readonly number[] {
    return this.heads;
  }

  #missing(): number[] {
    return Array.from(this.heads.keys()).filter((partition) => this.heads[partition] === -1);
  }

  /** Takes in the page that ends before `end`. @returns where it began */
  async #page(store: EventStore, end: number): Promise<number> {
    const from = Math.max(0, end - PAGE);
    const latest = new Map<number, number>();
    for (let at = from; at < end;) {
      const events = await store.readCounted(at, end - at);
      if (events.length === 0)
        throw new Error(`the log ends before index ${end - 1}, which it has shown already`);
      for (const event of events) latest.set(partitionOfEvent(event), event.index!);
      at += events.length;
    }
    for (const [partition, index] of latest) if (this.heads[partition] === -1) this.heads[partition] = index;
    return from;
  }

  async #ask(store: EventStore, before: number, found: ReadonlyMap<number, FactAt>): Promise<void> {
    for (const partition of this.#missing()) {
      const fact = found.get(partition)?.fact;
      if (fact === undefined || fact.index < 0 || fact.index >= before) continue;
      const [event] = await store.readCounted(fact.index, 1);
      if (event !== undefined && isThat(event, fact.id, partition)) this.heads[partition] = event.index!;
    }
  }
}

const isThat = (event: StoredEvent, id: string, partition: number) =>
  event.id === id && partitionOfEvent(event) === partition;
