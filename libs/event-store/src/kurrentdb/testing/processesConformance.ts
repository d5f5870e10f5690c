import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { jsonEvent, KurrentDBClient, StreamNotFoundError } from '@kurrent/kurrentdb-client';
import {
  appended,
  ids,
  newEvent,
  newEvents,
  newStream,
  plain,
  readOn,
  write,
} from '../../conformance/fixtures.ts';
import { NO_STREAM } from '../../eventStore.ts';
import { SEGMENT_EVENTS } from '../countedPositions.ts';
import { KurrentEventStore } from '../kurrentEventStore.ts';
import { positionsStream } from '../logFilter.ts';

/** Two processes on one store: what each counts for itself must be the same. */
export function processesConformance(url: () => string): void {
  let one: KurrentEventStore;
  let other: KurrentEventStore;
  const open = () => KurrentEventStore.open({ connectionString: url() });

  beforeEach(async () => {
    [one, other] = await Promise.all([open(), open()]);
  });

  afterEach(async () => {
    await Promise.all([one.close(), other.close()]);
  });

  it('gives every event the same index in both, whoever appended it', async () => {
    const { position, index } = await one.head();
    const appends = Array.from({ length: 100 }, (_, n) =>
      appended(
        n % 2 === 0 ? one : other,
        write(newStream(n % 3 === 0 ? 'snapshot' : 'ticket'), NO_STREAM, newEvent()),
      ),
    );
    const stored = (await Promise.all(appends)).flat().sort((a, b) => a.position - b.position);
    expect((await readOn(one, position)).map(plain)).toEqual(stored.map(plain));
    expect((await readOn(other, position)).map(plain)).toEqual(stored.map(plain));
    const counted = stored.filter((event) => event.index !== null);
    expect(counted.map((event) => event.index)).toEqual(counted.map((_, n) => index + 1 + n));
  });

  it('shows at once in one what the other was answered', async () => {
    const stream = newStream();
    for (let n = 0; n < 20; n += 1) {
      const [event] = await appended(n % 2 === 0 ? one : other, write(stream, n - 1, newEvent()));
      const reader = n % 2 === 0 ? other : one;
      expect(await reader.head()).toEqual({ position: event!.position, index: event!.index });
      expect((await reader.readCounted(event!.index!, 1)).map(plain)).toEqual([plain(event!)]);
      expect((await reader.readStream(stream)).headRevision).toBe(n);
    }
  });

  it('recognises the repeat of what the other process stored', async () => {
    const request = [
      write(newStream(), NO_STREAM, ...newEvents(3)),
      write(newStream(), NO_STREAM, newEvent()),
    ];
    const stored = await appended(one, ...request);
    expect((await appended(other, ...request)).map(plain)).toEqual(stored.map(plain));
  });

  it('follows what the other process appends', async () => {
    const { position } = await one.head();
    const stop = new AbortController();
    const followed: string[] = [];
    const following = (async () => {
      for await (const batch of one.follow({ after: position, signal: stop.signal })) {
        followed.push(...ids(batch));
        if (followed.length >= 200) stop.abort();
      }
    })();
    const events = newEvents(200);
    const stream = newStream();
    for (let n = 0; n < events.length; n += 20) {
      await appended(other, write(stream, n - 1, ...events.slice(n, n + 20)));
    }
    await following;
    expect(followed).toEqual(ids(events));
  });

  it('notes where counted events stand, once for both, and counts on from there', async () => {
    const stream = newStream();
    const events = newEvents(2 * SEGMENT_EVENTS);
    for (let n = 0; n < events.length; n += 250) {
      await appended(n % 500 === 0 ? one : other, write(stream, n - 1, ...events.slice(n, n + 250)));
    }
    const { index } = await one.head();
    await Promise.all([one.close(), other.close()]);
    const client = KurrentDBClient.connectionString(url().replace(/^esdb/, 'kurrentdb'));
    let entries = 0;
    for await (const { event } of client.readStream(await mapStream(client))) {
      expect(event!.revision).toBe(BigInt(entries));
      entries += 1;
    }
    await client.dispose();
    // The last one may have been left to the next start.
    expect(entries).toBeGreaterThanOrEqual(Math.floor((index + 1) / SEGMENT_EVENTS) - 1);
    expect(entries).toBeLessThanOrEqual(Math.floor((index + 1) / SEGMENT_EVENTS));
    [one, other] = await Promise.all([open(), open()]);
    expect((await one.head()).index).toBe(index);
    const found = await one.readCounted(index - 9, 10);
    expect(found.map((event) => event.index)).toEqual(Array.from({ length: 10 }, (_, n) => index - 9 + n));
    expect(ids(found)).toEqual(ids(events.slice(-10)));
  });

  it('counts anew, once, when what was noted is not the log’s', async () => {
    const { index } = await one.head();
    const client = KurrentDBClient.connectionString(url().replace(/^esdb/, 'kurrentdb'));
    await client.appendToStream(await mapStream(client), jsonEvent({ type: 'foreign', data: {} }));
    await client.dispose();
    await other.close();
    other = await open();
    expect((await other.head()).index).toBe(index);
    const [event] = await appended(other, write(newStream(), NO_STREAM, newEvent()));
    expect(event!.index).toBe(index + 1);
    expect(await one.head()).toEqual({ position: event!.position, index: index + 1 });
  });
}

/** The stream that the map is in: earlier generations were set aside. */
async function mapStream(client: KurrentDBClient): Promise<string> {
  let generation = 1;
  while (await exists(client, positionsStream(generation + 1))) generation += 1;
  return positionsStream(generation);
}

async function exists(client: KurrentDBClient, stream: string): Promise<boolean> {
  let events = 0;
  try {
    for await (const event of client.readStream(stream, { maxCount: 1 }))
      if (event.event !== undefined) events += 1;
  } catch (error) {
    if (!(error instanceof StreamNotFoundError)) throw error;
  }
  return events > 0;
}
