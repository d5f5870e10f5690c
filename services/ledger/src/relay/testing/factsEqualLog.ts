import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import type { EventStore } from '@rapport/event-store';
import {
  factSubject,
  type FactsStream,
  factsStreamName,
  factType,
  partitionOfEvent,
  readFacts,
} from '@rapport/messaging';

/**
 * Reads the whole stream and compares it with the log, event by event: index, place, id, bytes, subject's partition,
 * previous index.
 *
 * @returns how many facts there are, all right
 * @throws Error naming the first difference
 */
export async function factsEqualLog(
  connection: NatsConnection,
  stream: FactsStream,
  store: Pick<EventStore, 'readCounted' | 'head'>,
): Promise<number> {
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const { state } = await manager.streams.info(factsStreamName(stream));
  if (state.messages !== state.last_seq)
    throw new Error(`${state.messages} messages, last ${state.last_seq}`);
  const heads = new Map<number, number>();
  for (let index = 0; index < stream.offset;) {
    for (const event of await store.readCounted(index, stream.offset - index)) {
      heads.set(partitionOfEvent(event), index);
      index += 1;
    }
  }
  const stop = new AbortController();
  let read = 0;
  let page: Awaited<ReturnType<EventStore['readCounted']>> = [];
  const facts = readFacts({ connection, manager, stream, fromIndex: stream.offset, signal: stop.signal });
  if (state.messages > 0) {
    for await (const fact of facts) {
      const index = stream.offset + read;
      if (page.length === 0) page = await store.readCounted(index, 1_000);
      const [event, ...rest] = page;
      page = rest;
      const wrong = (what: string) => new Error(`at index ${index}: ${what}`);
      if (event === undefined) throw wrong('not in the log');
      const partition = partitionOfEvent(event);
      if (fact.index !== index || event.index !== index) throw wrong(`fact of index ${fact.index}`);
      if (fact.id !== event.id) throw wrong('another id');
      if (Buffer.compare(fact.data, event.data) !== 0) throw wrong('other bytes');
      if (
        fact.stream !== event.stream ||
        fact.revision !== event.revision ||
        fact.type !== factType(event.type)
      ) {
        throw wrong('another place');
      }
      if (fact.partition !== partition || factSubject('main', fact.type, partition) === '')
        throw wrong('partition');
      if (fact.prevIndex !== (heads.get(partition) ?? -1)) throw wrong(`previous index ${fact.prevIndex}`);
      heads.set(partition, index);
      read += 1;
      if (read === state.messages) stop.abort();
    }
  }
  const { index: head } = await store.head();
  if (stream.offset + read !== head + 1) throw new Error(`${read} facts, the log's head is ${head}`);
  return read;
}
