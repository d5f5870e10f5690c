import { expect, it } from '@rapport/platform/conformance';
import { MAX_PAGE_BYTES } from '../reading/readRange.ts';
import { BEFORE_FIRST, type EventStore, NO_STREAM } from '../eventStore.ts';
import { appended, ids, newEvent, newEvents, newStream, readOn, write } from './fixtures.ts';

export function readingConformance(store: () => EventStore): void {
  it('answers an unknown stream with head -1 and no events', async () => {
    expect(await store().readStream(newStream())).toEqual({ events: [], headRevision: NO_STREAM });
  });

  it('reads a stream in pages, both ways', async () => {
    const [stream, events] = [newStream(), newEvents(7)];
    await appended(store(), write(stream, NO_STREAM, ...events));
    const revisions = async (options: object) =>
      (await store().readStream(stream, options)).events.map(({ revision }) => revision);
    expect(await revisions({})).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(await revisions({ limit: 3 })).toEqual([0, 1, 2]);
    expect(await revisions({ fromRevision: 5, limit: 3 })).toEqual([5, 6]);
    expect(await revisions({ fromRevision: 7 })).toEqual([]);
    expect(await revisions({ direction: 'backwards', limit: 3 })).toEqual([6, 5, 4]);
    expect(await revisions({ direction: 'backwards', fromRevision: 1 })).toEqual([1, 0]);
    expect(await revisions({ direction: 'backwards', fromRevision: 99, limit: 1 })).toEqual([6]);
    expect((await store().readStream(stream, { limit: 1 })).headRevision).toBe(6);
  });

  it('keeps streams apart whose names begin alike', async () => {
    const stream = newStream();
    await appended(
      store(),
      write(stream, NO_STREAM, newEvent()),
      write(`${stream}-0`, NO_STREAM, ...newEvents(2)),
    );
    expect((await store().readStream(stream)).headRevision).toBe(0);
    expect((await store().readStream(`${stream}-0`)).events).toHaveLength(2);
  });

  it('reads everything in store order, both ways, in pages', async () => {
    const before = await store().head();
    const [one, other] = [newStream(), newStream('snapshot')];
    const [a, b, c, d, e] = newEvents(5);
    await appended(store(), write(one, NO_STREAM, a!));
    await appended(store(), write(other, NO_STREAM, b!, c!));
    await appended(store(), write(one, 0, d!, e!));
    const all = await readOn(store(), before.position, 2);
    expect(ids(all)).toEqual(ids([a!, b!, c!, d!, e!]));
    expect(all.every(({ position }, n) => position > (all[n - 1]?.position ?? before.position))).toBe(true);
    const back = await store().readAll({ direction: 'backwards', limit: 3 });
    expect(ids(back.events)).toEqual(ids([e!, d!, c!]));
    const further = await store().readAll({ direction: 'backwards', after: all[2]!.position, limit: 2 });
    expect(ids(further.events)).toEqual(ids([b!, a!]));
  });

  it('reads the streams of one category, each in its order, and no others', async () => {
    const person = newStream('person');
    const second = newStream('person');
    const events = newEvents(300);
    await appended(store(), write(person, NO_STREAM, ...events));
    await appended(store(), write(newStream('personal'), NO_STREAM, newEvent()));
    await appended(store(), write(second, NO_STREAM, ...newEvents(2)));
    const found = new Map<string, number[]>();
    for await (const { stream, revision } of store().readCategory('person')) {
      found.set(stream, [...(found.get(stream) ?? []), revision]);
    }
    expect(found.get(person)).toEqual(events.map((_, n) => n));
    expect(found.get(second)).toEqual([0, 1]);
    expect([...found.keys()].every((stream) => stream.startsWith('person-'))).toBe(true);
  });

  it('tells whether anything follows', async () => {
    const { position } = await store().head();
    const stored = await appended(store(), write(newStream(), NO_STREAM, ...newEvents(4)));
    expect((await store().readAll({ after: position, limit: 3 })).end).toBe(false);
    expect((await store().readAll({ after: position, limit: 4 })).end).toBe(true);
    expect((await store().readAll({ after: position })).end).toBe(true);
    expect(await store().readAll({ after: stored[3]!.position })).toEqual({ events: [], end: true });
    const {
      events: [first],
    } = await store().readAll({ limit: 1 });
    expect((await store().readAll({ direction: 'backwards', limit: 3 })).end).toBe(false);
    expect(await store().readAll({ direction: 'backwards', after: first!.position })).toEqual({
      events: [],
      end: true,
    });
    const [second] = (await store().readAll({ after: first!.position, limit: 1 })).events;
    const toStart = await store().readAll({ direction: 'backwards', after: second!.position, limit: 1 });
    expect(toStart).toMatchObject({ events: [{ id: first!.id }], end: true });
    expect((await store().readAll({ after: BEFORE_FIRST, limit: 1 })).events[0]!.id).toBe(first!.id);
  });

  it('cuts a page at 1 MiB of data, never below one event, without losing any', async () => {
    const { position, index } = await store().head();
    const stream = newStream();
    const events = Array.from({ length: 9 }, () => ({ ...newEvent(), data: Buffer.alloc(250_000, 'x') }));
    for (let n = 0; n < 9; n += 3) await appended(store(), write(stream, n - 1, ...events.slice(n, n + 3)));
    const fitting = Math.floor(MAX_PAGE_BYTES / 250_000);
    const page = await store().readAll({ after: position });
    // Not the page itself: nobody wants to read megabytes of difference.
    expect([page.end, page.events.length]).toEqual([false, fitting]);
    expect(ids(await readOn(store(), position))).toEqual(ids(events));
    const slice = await store().readStream(stream, { direction: 'backwards' });
    expect(slice.events.map(({ revision }) => revision)).toEqual([8, 7, 6, 5]);
    expect(slice.headRevision).toBe(8);
    expect(await store().readCounted(index + 1, 100)).toHaveLength(fitting);
  });

  it('fills a page of many small events behind a large one', async () => {
    const stream = newStream();
    const events = [{ ...newEvent(), data: Buffer.alloc(200_000, 'x') }, ...newEvents(1_500)];
    for (let n = 0; n < events.length; n += 500)
      await appended(store(), write(stream, n - 1, ...events.slice(n, n + 500)));
    expect((await store().readStream(stream)).events).toHaveLength(1_000);
    expect((await store().readStream(stream, { limit: 1_400 })).events).toHaveLength(1_400);
    expect((await store().readStream(stream, { limit: 1_501, direction: 'backwards' })).events).toHaveLength(
      1_501,
    );
  });
}
