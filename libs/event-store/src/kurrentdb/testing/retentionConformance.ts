import { expect, it } from '@jest/globals';
import { KurrentDBClient, type StreamMetadata } from '@kurrent/kurrentdb-client';
import { appended, newEvent, newEvents, newStream, write } from '../../conformance/fixtures.ts';
import { NO_STREAM } from '../../eventStore.ts';
import { KurrentEventStore } from '../kurrentEventStore.ts';

/** Counted events are never removed (contract.md). Each test takes back what it set: the server serves others too. */
export function retentionConformance(url: () => string): void {
  const open = () => KurrentEventStore.open({ connectionString: url() });
  const setting = async (stream: string, metadata: StreamMetadata, test: () => Promise<void>) => {
    const client = KurrentDBClient.connectionString(url().replace(/^esdb/, 'kurrentdb'));
    await client.setStreamMetadata(stream, metadata);
    try {
      await test();
    } finally {
      await client.setStreamMetadata(stream, {});
      await client.dispose();
    }
  };

  it.each([
    ['maxCount', { maxCount: 2 }],
    ['maxAge', { maxAge: 3_600 }],
    ['truncateBefore', { truncateBefore: 1 }],
  ])(
    'is refused at its start while a counted stream has %s, and opens again afterwards',
    async (_, metadata) => {
      const stream = newStream();
      const before = await open();
      await appended(before, write(stream, NO_STREAM, ...newEvents(3)));
      await before.close();
      await setting(stream, metadata, async () => {
        await expect(open()).rejects.toMatchObject({ name: 'StoreError', failure: 'damaged' });
      });
      const store = await open();
      expect((await store.readStream(stream)).headRevision).toBe(2);
      await store.close();
    },
  );

  it('stops answering when it is set up so while it runs', async () => {
    const stream = newStream();
    const store = await open();
    await appended(store, write(stream, NO_STREAM, ...newEvents(3)));
    const following = (async () => {
      const { position } = await store.head();
      for await (const batch of store.follow({ after: position, signal: new AbortController().signal }))
        void batch;
    })();
    await setting(stream, { maxCount: 2 }, async () => {
      await expect(following).rejects.toMatchObject({ failure: 'damaged' });
      await expect(store.append([write(newStream(), NO_STREAM, newEvent())])).rejects.toMatchObject({
        failure: 'damaged',
      });
    });
    await store.close();
  });

  it('lets uncounted streams be as they are', async () => {
    await setting(newStream('snapshot'), { maxCount: 1 }, async () => {
      await (await open()).close();
    });
  });
}
