import { describe, expect, it } from '@jest/globals';
import { event, profileEvents, type CurrentEvent, type ReadEvent } from '@rapport/contracts';
import { testCaches } from '@rapport/platform/testing';
import type { Ledger } from '../ledger/ledger.ts';
import { allReadable } from '../ledger/unreadableStream.ts';
import { asRecorded } from '../testing/deciderSpecification.ts';
import { FollowedStreams } from './followedStreams.ts';

const stream = 'test-1';
const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const count = { initial: 0, evolve: (events: number) => events + 1 };

function stored(revision: number): CurrentEvent {
  return asRecorded(event(profileEvents.PurchaseYearOpened, { customerId, year: 2000 + revision }), revision);
}

/** A ledger of one stream, whose answers a test can hold back on their way. */
function slowLedger(events: ReadEvent[]) {
  const waiting: (() => void)[] = [];
  let reads = 0;
  const ledger: Pick<Ledger, 'readStream'> = {
    async readStream(_stream, fromRevision) {
      reads += 1;
      const answer = events.slice(fromRevision);
      await new Promise<void>((resolve) => waiting.push(resolve));
      return allReadable(answer);
    },
  };
  return {
    followed: new FollowedStreams(ledger as Ledger, count, testCaches()),
    reads: () => reads,
    async arrive() {
      waiting.shift()!();
      for (let ticks = 0; ticks < 10; ticks += 1) await Promise.resolve();
    },
  };
}

describe('a followed stream', () => {
  it('takes in what was followed while its first read was on its way', async () => {
    const events = [stored(0)];
    const { followed, arrive } = slowLedger(events);
    const got = followed.get(stream);
    events.push(stored(1));
    followed.observe([events[1]!]);
    await arrive();
    await arrive();
    expect(await got).toMatchObject({ revision: 1, state: 2 });
    expect(await followed.get(stream)).toMatchObject({ revision: 1, state: 2 });
  });

  it('remembers no commands: nothing is decided on it', async () => {
    const { followed, arrive } = slowLedger([stored(0)]);
    const got = followed.get(stream);
    await arrive();
    followed.observe([stored(1)]);
    expect([...(await got).commands]).toEqual([]);
    expect([...(await followed.get(stream)).commands]).toEqual([]);
  });

  it('is read once, also when it is empty, and then kept by following', async () => {
    const { followed, arrive, reads } = slowLedger([]);
    const got = followed.get(stream);
    await arrive();
    expect(await got).toMatchObject({ revision: -1, state: 0 });
    followed.observe([stored(0), stored(1)]);
    expect(await followed.get(stream)).toMatchObject({ revision: 1, state: 2 });
    expect(reads()).toBe(1);
  });

  it('is read again where a batch was missed', async () => {
    const events = [stored(0)];
    const { followed, arrive, reads } = slowLedger(events);
    const got = followed.get(stream);
    await arrive();
    await got;
    events.push(stored(1), stored(2));
    followed.observe([events[2]!]);
    const again = followed.get(stream);
    await arrive();
    expect(await again).toMatchObject({ revision: 2, state: 3 });
    expect(reads()).toBe(2);
  });

  it('is forgotten at an event that cannot be read, and says why to whoever asks; others are known on', async () => {
    const events: ReadEvent[] = [stored(0)];
    const others: ReadEvent[] = [];
    const ledger = { readStream: async (asked: string) => allReadable(asked === stream ? events : others) };
    const followed = new FollowedStreams(ledger as unknown as Ledger, count, testCaches());
    await followed.get(stream);
    await followed.get('test-2');
    const unreadable: ReadEvent = {
      unreadable: 'unknown-version',
      id: 'e',
      position: 1,
      index: 1,
      stream,
      revision: 1,
      type: 'crm.profiles.PurchaseYearOpened',
      version: 99,
    };
    events.push(unreadable, stored(2));
    others.push({ ...stored(0), stream: 'test-2' });
    expect(followed.observe([unreadable, stored(2), { ...stored(0), stream: 'test-2' }])).toEqual([]);
    for (const ask of [() => followed.get(stream), () => followed.refresh(stream)]) {
      await expect(ask()).rejects.toMatchObject({
        kind: 'parked',
        details: {
          detail: expect.stringContaining(
            'test-1 waits at revision 1 (crm.profiles.PurchaseYearOpened version 99)',
          ),
        },
      });
    }
    expect(await followed.get('test-2')).toMatchObject({ revision: 0, state: 1 });
  });

  it('is not known by what was read just before an event that cannot be', async () => {
    const events: ReadEvent[] = [stored(0)];
    const { followed, arrive } = slowLedger(events);
    const got = followed.get(stream);
    const unreadable = { ...stored(1), unreadable: 'unknown-type' } as unknown as ReadEvent;
    events.push(unreadable);
    followed.observe([unreadable]);
    await arrive();
    await arrive();
    await expect(got).rejects.toThrow('test-1 waits');
    const again = followed.get(stream);
    await arrive();
    await expect(again).rejects.toThrow('test-1 waits');
  });

  it('is lost, and no other, where its fold fails at an event', async () => {
    const fold = {
      initial: 0,
      evolve(state: number, { revision, stream: of }: CurrentEvent) {
        if (of === stream && revision === 1) throw new TypeError('private details');
        return state + 1;
      },
    };
    const ledger = { readStream: async (of: string) => [{ ...stored(0), stream: of }] };
    const followed = new FollowedStreams(ledger as unknown as Ledger, fold as never, testCaches());
    await followed.get(stream);
    await followed.get('test-2');
    expect(followed.observe([stored(1), { ...stored(1), stream: 'test-2' } as CurrentEvent])).toEqual([
      { stream, revision: 1, reason: 'TypeError' },
    ]);
    expect(await followed.get('test-2')).toMatchObject({ revision: 1, state: 2 });
  });

  it('ignores what it knows, and streams that nobody asked for', async () => {
    const { followed, arrive, reads } = slowLedger([stored(0)]);
    followed.observe([stored(0)]);
    expect(reads()).toBe(0);
    const got = followed.get(stream);
    await arrive();
    await got;
    followed.observe([stored(0)]);
    expect(await followed.get(stream)).toMatchObject({ revision: 0, state: 1 });
  });
});
