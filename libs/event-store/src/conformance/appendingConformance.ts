import { expect, it } from '@rapport/platform/conformance';
import { type EventStore, NO_STREAM } from '../eventStore.ts';
import { appended, ids, newEvent, newEvents, newStream, plain, readOn, write } from './fixtures.ts';

export function appendingConformance(store: () => EventStore): void {
  it('creates a stream that must not exist', async () => {
    const [stream, events] = [newStream(), newEvents(3)];
    const stored = await appended(store(), write(stream, NO_STREAM, ...events));
    expect(ids(stored)).toEqual(ids(events));
    expect(stored.map(({ revision }) => revision)).toEqual([0, 1, 2]);
    expect(stored.every((event) => event.stream === stream)).toBe(true);
    expect((await store().readStream(stream)).events.map(plain)).toEqual(stored.map(plain));
  });

  it('goes on at the exact revision', async () => {
    const stream = newStream();
    await appended(store(), write(stream, NO_STREAM, ...newEvents(2)));
    const [third] = await appended(store(), write(stream, 1, newEvent()));
    expect(third!.revision).toBe(2);
  });

  it.each([
    ['behind the head', 0],
    ['beyond the head', 2],
    ['no stream, though it exists', NO_STREAM],
  ])('reports the actual revision to a writer %s and stores nothing', async (_, expectedRevision) => {
    const stream = newStream();
    await appended(store(), write(stream, NO_STREAM, ...newEvents(2)));
    const head = await store().head();
    expect(await store().append([write(stream, expectedRevision, newEvent())])).toEqual({
      status: 'conflict',
      conflicts: [{ stream, expectedRevision, actualRevision: 1 }],
    });
    expect(await store().head()).toEqual(head);
    expect((await store().readStream(stream)).headRevision).toBe(1);
  });

  it('reports a stream that does not exist as revision -1', async () => {
    const stream = newStream();
    expect(await store().append([write(stream, 4, newEvent())])).toEqual({
      status: 'conflict',
      conflicts: [{ stream, expectedRevision: 4, actualRevision: NO_STREAM }],
    });
  });

  it('appends to several streams at once, in the order of the request', async () => {
    const [customer, code] = [newStream('customer'), newStream('creditCode')];
    await appended(store(), write(code, NO_STREAM, newEvent()));
    const { position } = await store().head();
    const [first, second, third] = newEvents(3);
    const stored = await appended(
      store(),
      write(customer, NO_STREAM, first!, second!),
      write(code, 0, third!),
    );
    expect(stored.map(({ stream, revision, id }) => [stream, revision, id])).toEqual([
      [customer, 0, first!.id],
      [customer, 1, second!.id],
      [code, 1, third!.id],
    ]);
    expect((await readOn(store(), position)).map(plain)).toEqual(stored.map(plain));
  });

  it('stores nothing on any stream when one of them conflicts, and names every conflict', async () => {
    const [fine, stale, missing] = [newStream(), newStream(), newStream()];
    await appended(store(), write(stale, NO_STREAM, ...newEvents(2)));
    const head = await store().head();
    const result = await store().append([
      write(fine, NO_STREAM, newEvent()),
      write(stale, 0, newEvent()),
      write(missing, 7, newEvent()),
    ]);
    expect(result).toEqual({
      status: 'conflict',
      conflicts: [
        { stream: stale, expectedRevision: 0, actualRevision: 1 },
        { stream: missing, expectedRevision: 7, actualRevision: NO_STREAM },
      ],
    });
    expect(await store().head()).toEqual(head);
    expect((await store().readStream(fine)).headRevision).toBe(NO_STREAM);
  });

  it('names a stream that should not have existed beside another conflict', async () => {
    const [existing, stale] = [newStream(), newStream()];
    await appended(store(), write(existing, NO_STREAM, newEvent()));
    await appended(store(), write(stale, NO_STREAM, ...newEvents(2)));
    const request = [write(existing, NO_STREAM, newEvent()), write(stale, 0, newEvent())];
    expect(await store().append(request)).toEqual({
      status: 'conflict',
      conflicts: [
        { stream: existing, expectedRevision: NO_STREAM, actualRevision: 0 },
        { stream: stale, expectedRevision: 0, actualRevision: 1 },
      ],
    });
  });

  it('lets a refused creation do no harm to what is under way beside it', async () => {
    const [existing, one, other] = [newStream(), newStream(), newStream()];
    await appended(store(), write(existing, NO_STREAM, newEvent()));
    await appended(store(), write(newStream(), NO_STREAM, newEvent()));
    const { index } = await store().head();
    const results = await Promise.all([
      store().append([write(one, NO_STREAM, newEvent())]),
      store().append([write(existing, NO_STREAM, newEvent())]),
      store().append([write(other, NO_STREAM, newEvent())]),
      store().append([write(existing, 0, newEvent())]),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['appended', 'conflict', 'appended', 'appended']);
    const stored = results.flatMap((result) => (result.status === 'appended' ? result.events : []));
    expect(stored.map((event) => event.index).sort((a, b) => a! - b!)).toEqual([
      index + 1,
      index + 2,
      index + 3,
    ]);
  });

  it('checks a stream without appending to it', async () => {
    const [policy, ticket, absent] = [newStream('policy'), newStream(), newStream()];
    await appended(store(), write(policy, NO_STREAM, newEvent()));
    const stored = await appended(
      store(),
      write(policy, 0),
      write(ticket, NO_STREAM, newEvent()),
      write(absent, NO_STREAM),
    );
    expect(stored).toHaveLength(1);
    expect((await store().readStream(policy)).headRevision).toBe(0);
    expect((await store().readStream(absent)).headRevision).toBe(NO_STREAM);
  });

  it('refuses the append when a stream that is only checked has moved', async () => {
    const [policy, ticket] = [newStream('policy'), newStream()];
    await appended(store(), write(policy, NO_STREAM, ...newEvents(2)));
    expect(await store().append([write(ticket, NO_STREAM, newEvent()), write(policy, 0)])).toEqual({
      status: 'conflict',
      conflicts: [{ stream: policy, expectedRevision: 0, actualRevision: 1 }],
    });
    expect((await store().readStream(ticket)).headRevision).toBe(NO_STREAM);
  });

  it('only checks when a request has no events at all', async () => {
    const stream = newStream();
    await appended(store(), write(stream, NO_STREAM, newEvent()));
    expect(await store().append([write(stream, 0)])).toEqual({ status: 'appended', events: [] });
    expect(await store().append([write(stream, NO_STREAM)])).toEqual({
      status: 'conflict',
      conflicts: [{ stream, expectedRevision: NO_STREAM, actualRevision: 0 }],
    });
  });

  it('gives bytes back unchanged, also those of part of a buffer and none at all', async () => {
    const stream = newStream();
    const bytes = Uint8Array.from({ length: 1_024 }, (_, i) => i);
    const events = [
      { ...newEvent(), data: Buffer.from(bytes) },
      { ...newEvent(), data: bytes.subarray(250, 700) },
      { ...newEvent(), data: new Uint8Array(0) },
    ];
    const expected = events.map(({ data }) => Buffer.from(data).toString('hex'));
    const appending = appended(store(), write(stream, NO_STREAM, ...events));
    const hex = (data: Uint8Array) => Buffer.from(data).toString('hex');
    expect((await appending).map(({ data }) => hex(data))).toEqual(expected);
    expect((await store().readStream(stream)).events.map(({ data }) => hex(data))).toEqual(expected);
  });
}
