import { describe, expect, it } from '@jest/globals';
import { canonicalBytes, decodeEvent, ledgerEvents } from '@rapport/contracts';
import { MemoryEventStore } from '@rapport/event-store';
import { advanceReactions, recordedReactions } from './advanceReactions.ts';

const { type } = ledgerEvents.ReactionAdvanced;
const stream = 'reaction-standing-1';
const commandId = '6b0f7f0a-6a0e-5a55-9d0a-0c7a1f6f3b1d';

function advanced(n: number, throughPosition: number) {
  const data = { reaction: 'standing', version: 1, throughPosition, throughIndex: throughPosition };
  const id = `6b0f7f0a-6a0e-5a55-9d0a-0c7a1f6f3b${n}`;
  return { id, type, data: canonicalBytes({ specversion: '1', type, version: 1, stream, commandId, data }) };
}

describe('the positions of reactions in a generated store', () => {
  it('are moved to the head after the latest that was recorded, and nothing else is', async () => {
    const store = new MemoryEventStore();
    await store.append([{ stream, expectedRevision: -1, events: [advanced(10, -1), advanced(11, 0)] }]);
    const reactions = await recordedReactions(store);
    await advanceReactions(store, reactions);
    const { events } = await store.readStream(stream);
    expect(events.map((event) => decodeEvent(event).data)).toMatchObject([
      { throughPosition: -1 },
      { throughPosition: 0 },
      { reaction: 'standing', throughPosition: events[1]!.position },
    ]);
  });
});
