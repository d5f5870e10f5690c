import type { NatsConnection } from '@nats-io/nats-core';
import { paced, type EventStore, type StoredEvent } from '@rapport/event-store';
import { factOf, FactsPublisher, type FactsStream, indexOf, sequenceOf } from '@rapport/messaging';
import { systemMonotonicClock, type Timers } from '@rapport/platform';
import type { PartitionHeads } from './partitionHeads.ts';
import { RelayStopped } from './relayStatus.ts';

export interface RelaySessionOptions {
  readonly connection: NatsConnection;
  readonly store: EventStore;
  readonly timers: Timers;
  readonly stream: FactsStream;
  /** Index and position of the event that the stream ends with, as checked. */
  readonly after: { readonly index: number; readonly position: number };
  readonly heads: PartitionHeads;
  /** Index of the last event known to be published, after each acknowledgement. */
  readonly onPublished: (index: number) => void;
  /** Index of the last event read. */
  readonly onRead: (index: number) => void;
}

/** Events read at once. */
const BATCH = 1_000;

/**
 * Between one small batch and the next, in milliseconds. A server alone stages every batch in files that it makes and
 * removes, whatever is in it: at 1,000 commands a second four times fewer of them spare it a quarter of its work.
 */
const RELAY_PACE_MS = 40;

/** From one reading of the stream's end to the first irregularity: publishes what the log has, and goes on live. */
export class RelaySession {
  readonly #publisher: FactsPublisher;
  readonly #stop = new AbortController();

  constructor(private readonly options: RelaySessionOptions) {
    const { connection, stream, timers, after, onPublished } = options;
    this.#publisher = new FactsPublisher({
      connection,
      stream,
      timers,
      end: sequenceOf(stream, after.index),
      onProgress: () => {
        onPublished(indexOf(stream, this.#publisher.stored));
        if (this.#publisher.ended !== undefined) this.#stop.abort();
      },
    });
  }

  /** The server refused a publish, rather than the connection being lost. */
  get refused(): boolean {
    return this.#publisher.refused;
  }

  /**
   * Compares with what the stream was seen to be: a next generation at any time; while nothing is on its way, a
   * foreign message or a lost tail, without anything to publish.
   *
   * @param look reads the stream
   */
  async inspect(
    look: () => Promise<{ readonly sequence: number; readonly current: boolean }>,
  ): Promise<void> {
    const { stored, inFlight } = this.#publisher;
    const { sequence, current } = await look();
    if (!current) this.end('the stream was retired');
    else if (inFlight > 0 || this.#publisher.inFlight > 0 || this.#publisher.stored !== stored) return;
    else if (sequence !== stored) {
      this.end(`the stream ends at sequence ${sequence}, not ${stored}`);
    }
  }

  /** Ends it; `run` returns soon. */
  end(reason: string): void {
    this.#publisher.end(reason);
  }

  /**
   * @returns why it ended
   * @throws StoreError when the log can't be read, RelayStopped when its indexes are not dense
   */
  async run(): Promise<string> {
    try {
      for await (const batch of this.#ahead()) {
        this.options.onRead(batch.findLast(({ index }) => index !== null)?.index ?? -1);
        for (const event of batch) {
          if (event.index === null) continue;
          if (!this.#publisher.hasRoom) await this.#publisher.room();
          if (this.#publisher.ended !== undefined) return this.#publisher.ended;
          this.#publish(event, event.index);
        }
      }
      return this.#publisher.ended ?? 'the event store was closed';
    } finally {
      this.#publisher.close();
    }
  }

  #publish(event: StoredEvent, index: number): void {
    const { stream, heads } = this.options;
    const expected = indexOf(stream, this.#publisher.stored + this.#publisher.inFlight) + 1;
    if (index !== expected) throw gapInLog(expected, index);
    this.#publisher.publish(factOf(stream.logId, event, (partition, at) => heads.take(partition, at)));
  }

  /** The log's batches, the next one being read while one is published. */
  async *#ahead(): AsyncGenerator<readonly StoredEvent[], void, undefined> {
    const { store, timers, after } = this.options;
    const signal = this.#stop.signal;
    const following = store.follow({ after: after.position, signal, batchSize: BATCH });
    const batches = paced(following, {
      timers,
      monotonic: systemMonotonicClock,
      signal,
      paceMs: RELAY_PACE_MS,
    });
    let next = batches.next();
    try {
      for (let batch = await next; batch.done !== true; batch = await next) {
        next = batches.next();
        // Its failure is thrown where it is awaited; this only says that somebody will.
        next.catch(() => {});
        yield batch.value;
      }
    } finally {
      this.#stop.abort();
      await batches.return();
    }
  }
}

function gapInLog(expected: number, found: number): RelayStopped {
  return new RelayStopped({
    kind: 'damaged',
    reason: `the log shows index ${found} where ${expected} belongs`,
    remedy: 'the event store is damaged or its adapter is wrong: verify the log, restore it from a backup',
  });
}
