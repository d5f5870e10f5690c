import { describe, expect, it } from '@rapport/platform/conformance';
import { projectionId } from '../viewStore.ts';
import type { TestBench } from './harness.ts';

/** What outlives the store, and what a closed one answers. Runs last: it closes the store under test. */
export function lifeTests(bench: TestBench): void {
  describe('closing and opening', () => {
    it('finds documents, versions, checkpoint, epoch and parked keys again', async () => {
      if (!bench.outlives) return;
      const definition = { name: bench.name(), version: 2, indexes: [{ fields: ['n'] }] };
      const id = projectionId(definition);
      const view = await bench.store.open(definition);
      await view.write([
        { key: 'k', index: 5, body: { n: 1 } },
        { key: 'gone', index: 6, body: null },
      ]);
      await bench.store.switchTo(definition.name, 2);
      await bench.store.control.claimEpoch(id, 'me', 1);
      await bench.store.control.saveCheckpoint(id, 1, { logId: 'log', index: 6, position: 8 });
      const parked = { projection: id, key: 'p', index: 1, stream: 's-1', reason: 'TypeError' };
      await bench.store.control.park([parked]);

      const store = await bench.reopen();
      const again = await store.open(definition);
      expect(await again.get('k')).toEqual({ key: 'k', index: 5, body: { n: 1 } });
      expect((await again.load(['gone'])).get('gone')).toEqual({ key: 'gone', index: 6, body: null });
      expect(await store.versions(definition.name)).toEqual({ live: 2, all: [2] });
      expect(await store.control.loadCheckpoint(id)).toEqual({ logId: 'log', index: 6, position: 8 });
      expect(await store.control.currentEpoch(id)).toMatchObject({ epoch: 1, owner: 'me', beat: 0 });
      expect(await store.control.parked(id, { limit: 10 })).toEqual([parked]);
    });

    it('finishes what was accepted and then refuses with `closed`', async () => {
      const view = await bench.view();
      const writing = view.write([{ key: 'k', index: 1, body: { n: 1 } }]);
      await Promise.all([bench.store.close(), writing]);
      expect(await writing).toEqual({ written: 1, fenced: 0 });
      await bench.store.close();
      const closed = { name: 'ViewStoreError', failure: 'closed' };
      await expect(view.get('k')).rejects.toMatchObject(closed);
      await expect(view.write([])).rejects.toMatchObject(closed);
      await expect(view.count()).rejects.toMatchObject(closed);
      await expect(bench.store.control.loadCheckpoint('x@1')).rejects.toMatchObject(closed);
      await expect(bench.store.versions('x')).rejects.toMatchObject(closed);
    });
  });
}
