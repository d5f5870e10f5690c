import { expect, it } from '@rapport/platform/conformance';
import { COUNTED_CATEGORIES, UNCOUNTED_CATEGORIES } from '@rapport/contracts';
import { type EventStore, NO_STREAM } from '../eventStore.ts';
import { appended, ids, newEvent, newEvents, newStream, plain, readOn, write } from './fixtures.ts';

export function countingConformance(store: () => EventStore): void {
  it('numbers counted events 0,1,2,… in store order, and no others', async () => {
    const before = await store().head();
    const categories = [...COUNTED_CATEGORIES, ...UNCOUNTED_CATEGORIES, 'somethingElse'];
    for (const category of categories)
      await appended(store(), write(newStream(category), NO_STREAM, ...newEvents(2)));
    const events = await readOn(store(), before.position);
    const counted = events.filter(({ index }) => index !== null);
    expect(counted.map(({ index }) => index)).toEqual(counted.map((_, n) => before.index + 1 + n));
    expect(new Set(counted.map(({ stream }) => stream.split('-')[0]))).toEqual(new Set(COUNTED_CATEGORIES));
    expect(counted).toHaveLength(2 * COUNTED_CATEGORIES.length);
  });

  it('counts within one append that touches counted and uncounted streams', async () => {
    const { index } = await store().head();
    const stored = await appended(
      store(),
      write(newStream('customer'), NO_STREAM, ...newEvents(2)),
      write(newStream('reaction'), NO_STREAM, newEvent()),
      write(newStream('ticket'), NO_STREAM, newEvent()),
    );
    expect(stored.map((event) => event.index)).toEqual([index + 1, index + 2, null, index + 3]);
  });

  it('burns no index on an append that was refused', async () => {
    const stream = newStream();
    await appended(store(), write(stream, NO_STREAM, newEvent()));
    const { index } = await store().head();
    const requests = Array.from({ length: 20 }, (_, n) =>
      n % 2 === 0
        ? store().append([write(newStream(), NO_STREAM, newEvent()), write(stream, 5, newEvent())])
        : store().append([write(newStream(), NO_STREAM, newEvent())]),
    );
    const stored = (await Promise.all(requests)).flatMap((result) =>
      result.status === 'appended' ? result.events : [],
    );
    expect(stored.map((event) => event.index).sort((a, b) => a! - b!)).toEqual(
      Array.from({ length: 10 }, (_, n) => index + 1 + n),
    );
  });

  it('reads counted events by index, past uncounted ones, in pages', async () => {
    const { index } = await store().head();
    const counted = newEvents(5);
    const stream = newStream();
    for (let n = 0; n < counted.length; n += 1) {
      await appended(store(), write(stream, n - 1, counted[n]!));
      await appended(store(), write(newStream('checkpoint'), NO_STREAM, newEvent()));
    }
    const first = await store().readCounted(index + 1, 3);
    expect(first.map((event) => event.index)).toEqual([index + 1, index + 2, index + 3]);
    expect(ids([...first, ...(await store().readCounted(index + 4, 3))])).toEqual(ids(counted));
    expect(await store().readCounted(index + 6, 3)).toEqual([]);
    expect(first.map(plain)).toEqual((await store().readStream(stream, { limit: 3 })).events.map(plain));
  });

  it('tells the head: position of the last event, index of the last counted one', async () => {
    const [counted] = await appended(store(), write(newStream(), NO_STREAM, newEvent()));
    expect(await store().head()).toEqual({ position: counted!.position, index: counted!.index });
    const [uncounted] = await appended(store(), write(newStream('snapshot'), NO_STREAM, newEvent()));
    expect(await store().head()).toEqual({ position: uncounted!.position, index: counted!.index });
  });
}
