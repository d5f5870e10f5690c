import { expect, it } from '@rapport/platform/conformance';
import { type EventStore, NO_STREAM, type StoredEvent } from '../eventStore.ts';
import { appended, batches, ids, newEvent, newEvents, newStream, plain, readOn, write } from './fixtures.ts';

/** Follows until `count` events have come, then aborts and waits for the end. */
async function take(
  store: EventStore,
  after: number,
  count: number,
  batchSize?: number,
): Promise<StoredEvent[]> {
  const stop = new AbortController();
  const events: StoredEvent[] = [];
  for await (const batch of store.follow({ after, signal: stop.signal, batchSize })) {
    events.push(...batch);
    if (events.length >= count) stop.abort();
  }
  return events;
}

export function followingConformance(store: () => EventStore): void {
  it('gives what is stored, then what is appended, each once and in order', async () => {
    const { position } = await store().head();
    const stream = newStream();
    await appended(store(), write(stream, NO_STREAM, ...newEvents(10)));
    const stop = new AbortController();
    const following = store()
      .follow({ after: position, signal: stop.signal, batchSize: 4 })
      [Symbol.asyncIterator]();
    const events: StoredEvent[] = [];
    while (events.length < 10) events.push(...(await following.next()).value!);
    // Level with the store: what comes now comes live, and is waited for.
    for (let n = 10; n < 40; n += 1) {
      const next = following.next();
      await appended(store(), write(stream, n - 1, newEvent()));
      events.push(...(await next).value!);
    }
    stop.abort();
    expect(events.map(({ revision }) => revision)).toEqual(Array.from({ length: 40 }, (_, n) => n));
    expect(events.map(plain)).toEqual((await readOn(store(), position)).map(plain));
  });

  it('changes over from catching up to live under load without gap or duplicate', async () => {
    const { position } = await store().head();
    for (let n = 0; n < 5; n += 1) await appended(store(), write(newStream(), NO_STREAM, ...newEvents(40)));
    const following = take(store(), position, 400, 20);
    // One after the other: the follower is level with the store in the midst of it, also where both are fast.
    for (let n = 0; n < 200; n += 1) await appended(store(), write(newStream(), NO_STREAM, newEvent()));
    expect(ids(await following)).toEqual(ids(await readOn(store(), position)));
  });

  it('starts in the middle', async () => {
    const stored = await appended(store(), write(newStream(), NO_STREAM, ...newEvents(5)));
    expect((await take(store(), stored[2]!.position, 2)).map(plain)).toEqual(stored.slice(3).map(plain));
  });

  it('waits at the head', async () => {
    const { position } = await store().head();
    const following = take(store(), position, 1);
    const [event] = await appended(store(), write(newStream(), NO_STREAM, newEvent()));
    expect((await following).map(plain)).toEqual([plain(event!)]);
  });

  it('serves many followers, each from its own place', async () => {
    const stored = await appended(store(), write(newStream(), NO_STREAM, ...newEvents(20)));
    const following = stored.map(({ position }, n) => take(store(), position, 29 - n));
    const live = await appended(store(), write(newStream(), NO_STREAM, ...newEvents(10)));
    const followed = await Promise.all(following);
    followed.forEach((events, n) => expect(ids(events)).toEqual(ids([...stored.slice(n + 1), ...live])));
  });

  it('never gives a batch above the size asked for', async () => {
    const { position } = await store().head();
    await appended(store(), write(newStream(), NO_STREAM, ...newEvents(10)));
    const sizes: number[] = [];
    const stop = new AbortController();
    for await (const batch of store().follow({ after: position, signal: stop.signal, batchSize: 4 })) {
      sizes.push(batch.length);
      if (sizes.reduce((sum, size) => sum + size) === 10) stop.abort();
    }
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4);
  });

  it('lets a follower work in its own time', async () => {
    const { position } = await store().head();
    await appended(store(), write(newStream(), NO_STREAM, ...newEvents(20)));
    const stop = new AbortController();
    const events: StoredEvent[] = [];
    for await (const batch of store().follow({ after: position, signal: stop.signal, batchSize: 10 })) {
      events.push(...batch);
      if (events.length < 60) await appended(store(), write(newStream(), NO_STREAM, ...newEvents(20)));
      if (events.length >= 100) stop.abort();
    }
    expect(ids(events)).toEqual(ids((await readOn(store(), position)).slice(0, events.length)));
  });

  it('ends when the signal aborts: at once, in the middle, while waiting', async () => {
    const { position } = await store().head();
    expect(await batches(store().follow({ after: position, signal: AbortSignal.abort() }))).toEqual([]);
    await appended(store(), write(newStream(), NO_STREAM, ...newEvents(10)));
    expect(await take(store(), position, 4, 2)).toHaveLength(4);
    const stop = new AbortController();
    const { position: head } = await store().head();
    const waiting = batches(store().follow({ after: head, signal: stop.signal }));
    await store().head();
    stop.abort();
    expect(await waiting).toEqual([]);
  });

  it('can be left in the middle and begun again where it was left', async () => {
    const stored = await appended(store(), write(newStream(), NO_STREAM, ...newEvents(6)));
    const signal = new AbortController().signal;
    for await (const batch of store().follow({ after: stored[0]!.position, signal, batchSize: 2 })) {
      expect(ids(batch)).toEqual(ids(stored.slice(1, 3)));
      break;
    }
    expect(ids(await take(store(), stored[2]!.position, 3))).toEqual(ids(stored.slice(3)));
  });

  it('refuses to start before the first position', async () => {
    const signal = new AbortController().signal;
    await expect(store().follow({ after: -2, signal })[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      failure: 'invalid',
    });
  });
}
