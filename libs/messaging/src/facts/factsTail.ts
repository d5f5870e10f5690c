import type { JetStreamManager, StoredMsg } from '@nats-io/jetstream';
import type { Fact } from './fact.ts';
import { readFact } from './factHeaders.ts';
import { type FactsStream, factsStreamName } from './factsStream.ts';
import { partitionSubjects } from './factSubject.ts';

/** The end of a facts stream, as its leader tells it. */
export interface FactsTail {
  /** Sequence of the last message, 0 while there was none. */
  readonly sequence: number;
  /** Sequence of the oldest message that is still held. */
  readonly firstSequence: number;
  /** undefined where the stream holds nothing. */
  readonly last: FactAt | undefined;
}

export interface FactAt {
  readonly sequence: number;
  readonly subject: string;
  /** undefined for a message that is no fact. */
  readonly fact: Fact | undefined;
}

/**
 * Reads where the stream ends.
 *
 * @throws JetStreamApiError where there is no such stream, JetStreamError or TimeoutError when it is away,
 *   FactsMoved when it changed while it was read: read it again
 */
export async function readTail(manager: JetStreamManager, stream: FactsStream): Promise<FactsTail> {
  const name = factsStreamName(stream);
  const { state } = await manager.streams.info(name);
  const place = { sequence: state.last_seq, firstSequence: state.first_seq };
  if (state.messages === 0) return { ...place, last: undefined };
  const message = await manager.streams.getMessage(name, { seq: state.last_seq });
  if (message === null) throw new FactsMoved(`stream ${name} changed while its end was read`);
  return { ...place, last: factAt(message) };
}

/** The message of a sequence, undefined where the stream does not hold it. */
export async function readFactAt(
  manager: JetStreamManager,
  stream: FactsStream,
  sequence: number,
): Promise<FactAt | undefined> {
  const message = await manager.streams.getMessage(factsStreamName(stream), { seq: sequence });
  return message === null ? undefined : factAt(message);
}

/**
 * The last fact of each of these partitions up to a sequence that the stream held, as one snapshot.
 *
 * Whichever replica answers: the answer counts only when it holds `upTo` itself (which is why that message's
 * partition is asked for too), since a replica takes messages in order and so held all before it.
 *
 * @returns by partition; a partition is missing where the stream holds none of it
 * @throws FactsMoved when the replica that answered did not hold `upTo`
 */
export async function lastInPartitions(
  manager: JetStreamManager,
  stream: FactsStream,
  partitions: readonly number[],
  upTo: { readonly sequence: number; readonly partition: number },
): Promise<ReadonlyMap<number, FactAt>> {
  const asked = new Set([...partitions, upTo.partition]);
  const answers = await manager.direct.getLastMessagesFor(factsStreamName(stream), {
    multi_last: Array.from(asked, (partition) => partitionSubjects(stream.tenant, partition)),
    up_to_seq: upTo.sequence,
  });
  const found = new Map<number, FactAt>();
  let held = false;
  for await (const message of answers) {
    const at = factAt(message);
    held ||= at.sequence === upTo.sequence;
    const partition = Number(at.subject.slice(at.subject.lastIndexOf('.') + 1));
    if ((found.get(partition)?.sequence ?? 0) < at.sequence) found.set(partition, at);
  }
  if (!held) throw new FactsMoved(`a replica of ${factsStreamName(stream)} is behind`);
  return found;
}

/** What was read is no longer, or not yet everywhere: read again. */
export class FactsMoved extends Error {
  override readonly name = 'FactsMoved';
}

function factAt(message: StoredMsg): FactAt {
  const { subject, header, data, seq } = message;
  return { sequence: seq, subject, fact: readFact({ subject, headers: header, data }) };
}
