import type { JetStreamManager } from '@nats-io/jetstream';
import type { EventStore } from '@rapport/event-store';
import { type FactsStream, factsStreamName, indexOf, readFactAt } from '@rapport/messaging';
import { RelayStopped } from './relayStatus.ts';
import { checkTail } from './tailCheck.ts';

/** How far back the last good fact is looked for. */
const LOOK_BACK = 1_000;

/**
 * A stream whose end is not this log's: says up to where it is right. Before the first foreign message everything
 * is, since no relay publishes behind one.
 */
export async function foreignTail(
  manager: JetStreamManager,
  store: EventStore,
  stream: FactsStream,
  sequence: number,
  why: string,
): Promise<RelayStopped> {
  const good = await lastGood(manager, store, stream, sequence);
  const name = factsStreamName(stream);
  const upTo =
    good === undefined
      ? `none of its last ${LOOK_BACK} messages is right`
      : `it is right up to index ${good}`;
  return new RelayStopped({
    kind: 'foreign',
    reason: `stream ${name} ends with a message that is not this log's: ${why}; ${upTo}`,
    remedy:
      `find out who may publish to crm.${stream.tenant}.facts.> besides the ledger and forbid it; then begin a new ` +
      `generation at index ${good === undefined ? 0 : good + 1}, or at 0 for a complete one ` +
      '(docs/operations.md, "The facts stream")',
  });
}

async function lastGood(manager: JetStreamManager, store: EventStore, stream: FactsStream, end: number) {
  for (let sequence = end - 1; sequence > Math.max(0, end - LOOK_BACK); sequence -= 1) {
    const last = await readFactAt(manager, stream, sequence);
    if (last === undefined) return undefined;
    const [event] = await store.readCounted(indexOf(stream, sequence), 1);
    const check = checkTail(stream, { sequence, last }, event);
    if (check.kind === 'continue') return check.publishedIndex;
  }
  return end <= LOOK_BACK ? indexOf(stream, 0) : undefined;
}
