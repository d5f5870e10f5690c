import {
  canonicalBytes,
  type DataOf,
  decodeEvent,
  eventId,
  type JsonValue,
  ledgerEvents,
  uuid5,
} from '@rapport/contracts';
import type { EventStore, StoredEvent } from '@rapport/event-store';

type Advanced = DataOf<typeof ledgerEvents.ReactionAdvanced>;

/** The latest recorded position of every reaction, while the store is still short enough to read it all. */
export async function recordedReactions(store: EventStore): Promise<readonly StoredEvent[]> {
  const latest = new Map<string, StoredEvent>();
  for (let after = -1; ;) {
    const { events, end } = await store.readAll({ after });
    for (const event of events)
      if (event.type === ledgerEvents.ReactionAdvanced.type) latest.set(event.stream, event);
    after = events.at(-1)?.position ?? after;
    if (end) return [...latest.values()];
  }
}

/**
 * Records that the reactions have come to the head of the log: else the next start of the product would judge
 * the generated history once more and add to it.
 */
export async function advanceReactions(store: EventStore, reactions: readonly StoredEvent[]): Promise<void> {
  const head = await store.head();
  for (const reaction of reactions) {
    const { id: _id, position: _position, index: _index, revision, ...envelope } = decodeEvent(reaction);
    const commandId = uuid5(envelope.commandId, 'bench');
    const data: Advanced = {
      ...(envelope.data as unknown as Advanced),
      throughPosition: head.position,
      throughIndex: head.index,
    };
    const bytes = canonicalBytes({ ...envelope, commandId, data } as unknown as JsonValue);
    const event = { id: eventId(commandId, reaction.stream, 0, bytes), type: reaction.type, data: bytes };
    const result = await store.append([
      { stream: reaction.stream, expectedRevision: revision, events: [event] },
    ]);
    if (result.status === 'conflict') throw new Error(`${reaction.stream} was written by someone else`);
  }
}
