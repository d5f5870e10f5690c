import { DeliverPolicy, jetstream, type JetStreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { Fact } from './fact.ts';
import { readFact } from './factHeaders.ts';
import { type FactsStream, factsStreamName, indexOf, sequenceOf } from './factsStream.ts';
import { partitionSubjects } from './factSubject.ts';

export interface ReadFactsOptions {
  readonly connection: NatsConnection;
  readonly manager: JetStreamManager;
  readonly stream: FactsStream;
  /** Index of the first fact to read. */
  readonly fromIndex: number;
  /** Only these partitions; default: all. */
  readonly partitions?: readonly number[];
  readonly signal: AbortSignal;
}

/** The stream no longer holds these facts (or never did): read from the ledger up to `firstIndex`. */
export class FactsGone extends Error {
  override readonly name = 'FactsGone';

  constructor(readonly firstIndex: number) {
    super(`the facts stream begins at index ${firstIndex}: read what is older from the ledger`);
  }
}

/** Facts are missing, or a message is no fact: read from the ledger from `fromIndex` on, then come back. */
export class FactsGap extends Error {
  override readonly name = 'FactsGap';

  constructor(
    readonly fromIndex: number,
    why: string,
  ) {
    super(`${why}: read from the ledger from index ${fromIndex} on`);
  }
}

/**
 * Facts in order of their index, each once, from an index on: what is stored, then live; reconnects by itself.
 * By an ordered consumer, because one with acknowledgements is given old messages again after newer ones.
 *
 * @throws FactsGone, FactsGap; whoever gets them goes on from the ledger
 */
export async function* readFacts(options: ReadFactsOptions): AsyncGenerator<Fact, void, undefined> {
  const { connection, manager, stream, fromIndex, partitions, signal } = options;
  const name = factsStreamName(stream);
  const { state } = await manager.streams.info(name);
  const start = sequenceOf(stream, fromIndex);
  // The server would silently begin at its first message.
  if (start < Math.max(1, state.first_seq))
    throw new FactsGone(indexOf(stream, Math.max(1, state.first_seq)));
  const consumer = await jetstream(connection, { timeout: 5_000 }).consumers.get(name, {
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: start,
    ...(partitions && { filter_subjects: partitions.map((n) => partitionSubjects(stream.tenant, n)) }),
  });
  const messages = await consumer.consume({ max_messages: 1_000 });
  const stop = () => void messages.close();
  signal.addEventListener('abort', stop);
  try {
    if (signal.aborted) return;
    const expected = new ExpectedFacts(fromIndex, partitions !== undefined);
    for await (const message of messages) {
      const fact = readFact(message);
      if (fact === undefined || fact.logId !== stream.logId || fact.index !== indexOf(stream, message.seq)) {
        throw new FactsGap(expected.next, `the message of sequence ${message.seq} is no fact of this log`);
      }
      if (expected.takes(fact)) yield fact;
      if (signal.aborted) return;
    }
  } finally {
    signal.removeEventListener('abort', stop);
    await messages.close();
  }
}

/** Which fact must come next: the next index, or with a filter the one whose previous was seen. */
class ExpectedFacts {
  readonly #lastOf = new Map<number, number>();
  next: number;

  constructor(
    private readonly from: number,
    private readonly filtered: boolean,
  ) {
    this.next = from;
  }

  /** False for one that was seen. @throws FactsGap */
  takes({ index, prevIndex, partition }: Fact): boolean {
    if (index < this.next) return false;
    const seen = this.#lastOf.get(partition);
    // The first of a partition follows one before the start, which this reader was not to see.
    const dense = this.filtered
      ? prevIndex === seen || (seen === undefined && prevIndex < this.from)
      : index === this.next;
    if (!dense) throw new FactsGap(this.next, `facts before index ${index} are missing`);
    this.#lastOf.set(partition, index);
    this.next = index + 1;
    return true;
  }
}
