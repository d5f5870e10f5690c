import { describe, expect, it } from '@jest/globals';
import { event, profileEvents, type RecordedEvent } from '@rapport/contracts';
import type { Ledger } from '../ledger/ledger.ts';
import { asRecorded } from '../testing/deciderSpecification.ts';
import { Upcasters } from '../upcasting/upcasters.ts';
import { FollowedStreams } from './followedStreams.ts';

const stream = 'test-1';
const customerId = '0f5a7f6e-0000-5000-8000-000000000001';
const count = { initial: 0, evolve: (events: number) => events + 1 };

function stored(revision: number): RecordedEvent {
  return asRecorded(event(profileEvents.PurchaseYearOpened, { customerId, year: 2000 + revision }), revision);
}

/** A ledger of one stream, whose answers a test can hold back on their way. */
function slowLedger(events: RecordedEvent[]) {
  const waiting: (() => void)[] = [];
  let reads = 0;
  const ledger: Pick<Ledger, 'readStream'> = {
    async readStream(_stream, fromRevision) {
      reads += 1;
      const answer = events.slice(fromRevision);
      await new Promise<void>((resolve) => waiting.push(resolve));
      return answer;
    },
  };
  return {
    followed: new FollowedStreams(ledger as Ledger, new Upcasters(), count),
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
    await followed.observe([events[1]!]);
    await arrive();
    await arrive();
    expect(await got).toMatchObject({ revision: 1, state: 2 });
    expect(await followed.get(stream)).toMatchObject({ revision: 1, state: 2 });
  });

  it('remembers no commands: nothing is decided on it', async () => {
    const { followed, arrive } = slowLedger([stored(0)]);
    const got = followed.get(stream);
    await arrive();
    await followed.observe([stored(1)]);
    expect([...(await got).commands]).toEqual([]);
    expect([...(await followed.get(stream)).commands]).toEqual([]);
  });

  it('is read once, also when it is empty, and then kept by following', async () => {
    const { followed, arrive, reads } = slowLedger([]);
    const got = followed.get(stream);
    await arrive();
    expect(await got).toMatchObject({ revision: -1, state: 0 });
    await followed.observe([stored(0), stored(1)]);
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
    const observed = followed.observe([events[2]!]);
    await arrive();
    await observed;
    expect(await followed.get(stream)).toMatchObject({ revision: 2, state: 3 });
    expect(reads()).toBe(2);
  });

  it('ignores what it knows, and streams that nobody asked for', async () => {
    const { followed, arrive, reads } = slowLedger([stored(0)]);
    await followed.observe([stored(0)]);
    expect(reads()).toBe(0);
    const got = followed.get(stream);
    await arrive();
    await got;
    await followed.observe([stored(0)]);
    expect(await followed.get(stream)).toMatchObject({ revision: 0, state: 1 });
  });
});
