import { describe, expect, it } from '@jest/globals';
import type { KurrentDBClient } from '@kurrent/kurrentdb-client';
import type { Timers } from '@rapport/platform';
import { uuid } from '../conformance/fixtures.ts';
import type { StoredEvent } from '../eventStore.ts';
import { KurrentConnection } from './kurrentConnection.ts';
import { KurrentReader } from './kurrentReader.ts';

const EVENT_BYTES = 1_000;
const EVENTS = 10_000_000;
/** Events that the server looks through in a second: some times as many as it hands out. */
const LOOKED_THROUGH = 200_000;

/** Time that passes when it is told to, and rings what is due by then. */
class ManualTimers implements Timers {
  readonly #due = new Map<() => void, number>();
  #now = 0;

  sleep(): Promise<void> {
    throw new Error('nobody sleeps here');
  }

  schedule(ms: number, fire: () => void): () => void {
    this.#due.set(fire, this.#now + ms);
    return () => void this.#due.delete(fire);
  }

  pass(ms: number): void {
    this.#now += ms;
    for (const [fire, at] of this.#due) if (at <= this.#now && this.#due.delete(fire)) fire();
  }
}

/**
 * A server whose log has ten million events, of which those at these places are of the category asked for. As the
 * real one it looks through the log until it has found as many as were asked for, or has come to the end
 * (`Enumerator.ReadAllForwardsFiltered`), and says nothing meanwhile.
 */
class LongLog extends KurrentConnection {
  constructor(
    private readonly found: readonly number[],
    private readonly clock: ManualTimers,
  ) {
    super('kurrentdb://127.0.0.1:1?tls=false', clock, 5_000);
  }

  override get client(): KurrentDBClient {
    const { found, clock } = this;
    async function* readAll({ fromPosition, maxCount }: { fromPosition: unknown; maxCount: number }) {
      const from = fromPosition === 'start' ? 0 : Number((fromPosition as { commit: bigint }).commit);
      const part = found.filter((place) => place * EVENT_BYTES >= from).slice(0, maxCount);
      const end = part.length < maxCount ? EVENTS : part.at(-1)!;
      await new Promise(setImmediate);
      clock.pass(((end - from / EVENT_BYTES) / LOOKED_THROUGH) * 1_000);
      for (const place of part) {
        const at = BigInt(place * EVENT_BYTES);
        yield {
          event: {
            streamId: `person-${place}`,
            id: uuid(),
            type: 'crm.profiles.PersonErased',
            isJson: false,
            data: new Uint8Array(1),
            revision: 0n,
            position: { commit: at, prepare: at },
          },
        };
      }
    }
    return { readAll } as unknown as KurrentDBClient;
  }
}

describe('reading a category from KurrentDB', () => {
  it.each([
    ['none of its events', []],
    ['few of them', [17, 9_999_998]],
    ['many of them in one place', Array.from({ length: 1_200 }, (_, n) => 5_000_000 + n)],
  ])('comes to the end of a long log that has %s', async (_has, found) => {
    const reader = new KurrentReader(
      new LongLog(found, new ManualTimers()),
      async (events) => events as readonly StoredEvent[],
    );
    const read: string[] = [];
    for await (const { stream } of reader.readCategory('person', EVENTS * EVENT_BYTES)) read.push(stream);
    expect(read).toEqual(found.map((place) => `person-${place}`));
  });
});
