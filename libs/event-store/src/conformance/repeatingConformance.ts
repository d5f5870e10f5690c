import { expect, it } from '@rapport/platform/conformance';
import { type EventStore, NO_STREAM } from '../eventStore.ts';
import { appended, newEvent, newEvents, newStream, plain, write } from './fixtures.ts';

export function repeatingConformance(store: () => EventStore): void {
  it('answers the stored events and stores nothing again', async () => {
    const request = write(newStream(), NO_STREAM, ...newEvents(2));
    const stored = await appended(store(), request);
    const head = await store().head();
    expect((await appended(store(), request)).map(plain)).toEqual(stored.map(plain));
    expect(await store().head()).toEqual(head);
  });

  it('does so after later events came', async () => {
    const stream = newStream();
    await appended(store(), write(stream, NO_STREAM, newEvent()));
    const request = write(stream, 0, ...newEvents(2));
    const stored = await appended(store(), request);
    await appended(store(), write(stream, 2, ...newEvents(3)));
    const head = await store().head();
    expect((await appended(store(), request)).map(plain)).toEqual(stored.map(plain));
    expect(await store().head()).toEqual(head);
  });

  it('does so over several streams, also when a stream that was only checked has moved since', async () => {
    const [customer, code, policy] = [newStream('customer'), newStream('creditCode'), newStream('policy')];
    await appended(store(), write(policy, NO_STREAM, newEvent()));
    const request = [
      write(customer, NO_STREAM, ...newEvents(2)),
      write(policy, 0),
      write(code, NO_STREAM, newEvent()),
    ];
    const stored = await appended(store(), ...request);
    await appended(store(), write(policy, 0, newEvent()), write(code, 0, newEvent()));
    const head = await store().head();
    expect((await appended(store(), ...request)).map(plain)).toEqual(stored.map(plain));
    expect(await store().head()).toEqual(head);
  });

  it('answers the stored bytes, not those that were sent', async () => {
    const stream = newStream();
    const event = newEvent('{"text":"first"}');
    await appended(store(), write(stream, NO_STREAM, event));
    const [again] = await appended(store(), write(stream, NO_STREAM, { ...event, data: Buffer.from('{}') }));
    expect(Buffer.from(again!.data).toString()).toBe('{"text":"first"}');
  });

  it('answers both of two equal requests that are under way together', async () => {
    const request = write(newStream(), NO_STREAM, ...newEvents(2));
    const [one, other] = await Promise.all([appended(store(), request), appended(store(), request)]);
    expect(other!.map(plain)).toEqual(one!.map(plain));
    expect((await store().readStream(request.stream)).headRevision).toBe(1);
  });

  it('is a conflict when only some events are the stored ones', async () => {
    const [stream, other] = [newStream(), newStream()];
    const [first, second] = newEvents(2);
    await appended(store(), write(stream, NO_STREAM, first!, second!));
    const conflict = { stream, expectedRevision: NO_STREAM, actualRevision: 1 };
    for (const request of [
      [write(stream, NO_STREAM, first!, newEvent())],
      [write(stream, NO_STREAM, newEvent(), second!)],
      [write(stream, NO_STREAM, first!, second!, newEvent())],
      [write(stream, NO_STREAM, first!, second!), write(other, NO_STREAM, newEvent())],
    ]) {
      expect(await store().append(request)).toEqual({ status: 'conflict', conflicts: [conflict] });
    }
    expect((await store().readStream(stream)).headRevision).toBe(1);
    expect((await store().readStream(other)).headRevision).toBe(NO_STREAM);
  });

  it('is refused in another stream or at another revision', async () => {
    const [stream, other] = [newStream(), newStream()];
    const [first, second] = newEvents(2);
    await appended(store(), write(stream, NO_STREAM, first!, second!));
    const head = await store().head();
    for (const request of [
      [write(stream, 1, first!)],
      [write(stream, 1, newEvent(), second!)],
      [write(other, NO_STREAM, first!)],
      [write(stream, 1, newEvent()), write(other, NO_STREAM, newEvent(), second!)],
    ]) {
      await expect(store().append(request)).rejects.toMatchObject({ name: 'StoreError', failure: 'invalid' });
    }
    expect(await store().head()).toEqual(head);
    expect((await store().readStream(other)).headRevision).toBe(NO_STREAM);
  });

  it('is refused in another stream while the first is under way, without harm to its neighbours', async () => {
    const event = newEvent();
    const results = await Promise.allSettled([
      store().append([write(newStream(), NO_STREAM, newEvent())]),
      store().append([write(newStream(), NO_STREAM, event)]),
      store().append([write(newStream(), NO_STREAM, newEvent()), write(newStream(), NO_STREAM, event)]),
      store().append([write(newStream(), NO_STREAM, newEvent())]),
    ]);
    expect(results[0]).toMatchObject({ value: { status: 'appended' } });
    expect(results[3]).toMatchObject({ value: { status: 'appended' } });
    expect([results[1]!.status, results[2]!.status].sort()).toEqual(['fulfilled', 'rejected']);
  });
}
