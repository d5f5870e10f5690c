import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appended, ids, newEvent, newStream, plain, readOn, write } from '../conformance/fixtures.ts';
import type { StoredEvent } from '../eventStore.ts';
import { EmbeddedEventStore } from './embeddedEventStore.ts';
import { dataFolder, removeFolder } from './testing/dataFolder.ts';
import { Fault } from './testing/fault.ts';

const UNAVAILABLE = { name: 'StoreError', failure: 'unavailable' };

describe('a commit that fails', () => {
  let directory: string;
  let store: EmbeddedEventStore;
  const fault = new Int32Array(new SharedArrayBuffer(4));
  const url = new URL('./testing/faultyWriter.ts', import.meta.url);
  const open = () => EmbeddedEventStore.open({ directory, writer: { url, workerData: { fault } } });

  beforeEach(async () => {
    directory = dataFolder();
    fault[0] = Fault.none;
    store = await open();
  });
  afterEach(async () => {
    await store.close();
    removeFolder(directory);
  });

  it('fails its group and everything queued behind it, and stores nothing of them', async () => {
    const stream = newStream();
    await appended(store, write(stream, -1, newEvent()));
    const head = await store.head();
    fault[0] = Fault.beforeCommit;
    const requests = [
      write(stream, 0, newEvent()),
      write(newStream(), -1, newEvent()),
      write(stream, 1, newEvent()),
    ];
    const first = store.append([requests[0]!]);
    const second = store.append([requests[1]!]);
    // The group is on its way to the writer, and its answer cannot have been seen yet.
    await new Promise(setImmediate);
    const queued = store.append([requests[2]!]);
    const results = await Promise.allSettled([first, second, queued]);
    for (const result of results) expect(result).toMatchObject({ status: 'rejected', reason: UNAVAILABLE });
    expect(results[2]).toMatchObject({ reason: { message: expect.stringMatching(/decided on/) } });
    expect(await store.head()).toEqual(head);

    const stored = [];
    for (const request of requests) stored.push(...(await appended(store, request)));
    expect(stored.map(({ index, revision }) => [index, revision])).toEqual([
      [1, 1],
      [2, 0],
      [3, 2],
    ]);
  });

  it('drops what it remembered of heads, positions, indexes and ids', async () => {
    const [one, other] = [newStream(), newStream()];
    await appended(store, write(one, -1, newEvent()));
    const event = newEvent();
    fault[0] = Fault.beforeCommit;
    await expect(store.append([write(one, 0, event), write(other, -1, newEvent())])).rejects.toMatchObject(
      UNAVAILABLE,
    );
    const conflict = await store.append([write(one, 1, newEvent())]);
    expect(conflict).toMatchObject({ status: 'conflict', conflicts: [{ actualRevision: 0 }] });
    const [moved] = await appended(store, write(other, -1, event));
    expect(moved).toMatchObject({ index: 1, revision: 0 });
  });

  it('is no loss and no duplicate when everything was stored all the same', async () => {
    const { position } = await store.head();
    const stop = new AbortController();
    const followed: StoredEvent[] = [];
    const following = (async () => {
      for await (const batch of store.follow({ after: position, signal: stop.signal })) {
        followed.push(...batch);
        if (followed.length >= 4) stop.abort();
      }
    })();
    const stream = newStream();
    const requests = [
      write(stream, -1, newEvent()),
      write(stream, 0, newEvent()),
      write(stream, 1, newEvent(), newEvent()),
    ];
    await appended(store, requests[0]!);
    fault[0] = Fault.afterCommit;
    await expect(store.append([requests[1]!])).rejects.toMatchObject(UNAVAILABLE);
    const [again] = await appended(store, requests[1]!);
    expect(again).toMatchObject({ revision: 1, index: 1 });
    await appended(store, requests[2]!);
    await following;
    expect(followed.map(plain)).toEqual((await readOn(store, position)).map(plain));
    expect(ids(followed)).toEqual(requests.flatMap(({ events }) => ids(events)));
  });

  it('refuses everything once the writer thread has ended, and the folder can be opened again', async () => {
    const stream = newStream();
    const [kept] = await appended(store, write(stream, -1, newEvent()));
    const { signal } = new AbortController();
    const following = store.follow({ after: kept!.position, signal })[Symbol.asyncIterator]().next();
    const followerFails = expect(following).rejects.toMatchObject(UNAVAILABLE);
    fault[0] = Fault.threadEnds;
    await expect(store.append([write(stream, 0, newEvent())])).rejects.toMatchObject(UNAVAILABLE);
    await expect(store.append([write(stream, 0, newEvent())])).rejects.toThrow(/start the process again/);
    await followerFails;
    await store.close();
    store = await open();
    expect((await readOn(store, -1)).map(plain)).toEqual([plain(kept!)]);
    await appended(store, write(stream, 0, newEvent()));
  });
});
