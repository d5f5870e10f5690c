import { expect, it } from '@rapport/platform/conformance';
import { type EventStore, NO_STREAM } from '../eventStore.ts';
import { batches, newEvent, newStream, write } from './fixtures.ts';

export function closingConformance(store: () => EventStore): void {
  it('finishes what was accepted, then refuses', async () => {
    const accepted = Array.from({ length: 50 }, () =>
      store().append([write(newStream(), NO_STREAM, newEvent())]),
    );
    const request = [write(newStream(), NO_STREAM, newEvent())];
    accepted.push(store().append(request), store().append(request));
    const closing = store().close();
    const closed = { name: 'StoreError', failure: 'closed' };
    await expect(store().append([write(newStream(), NO_STREAM, newEvent())])).rejects.toMatchObject(closed);
    expect((await Promise.all(accepted)).every(({ status }) => status === 'appended')).toBe(true);
    await closing;
    await expect(store().readAll()).rejects.toMatchObject(closed);
    await expect(store().readStream(newStream())).rejects.toMatchObject(closed);
    await expect(store().readCounted(0, 1)).rejects.toMatchObject(closed);
    await expect(store().head()).rejects.toMatchObject(closed);
  });

  it('is safe to call twice, also at the same time', async () => {
    await Promise.all([store().close(), store().close()]);
    await store().close();
  });

  it('ends followers that wait, that catch up and that come afterwards', async () => {
    const { position } = await store().head();
    const signal = new AbortController().signal;
    const waiting = batches(store().follow({ after: position, signal }));
    const catching = store().follow({ after: -1, signal, batchSize: 1 })[Symbol.asyncIterator]();
    await store().append([write(newStream(), NO_STREAM, newEvent(), newEvent())]);
    expect((await catching.next()).done).toBe(false);
    const closing = store().close();
    expect((await catching.next()).done).toBe(true);
    await closing;
    expect((await waiting).length).toBeLessThanOrEqual(1);
    expect(await batches(store().follow({ after: -1, signal }))).toEqual([]);
  });
}
