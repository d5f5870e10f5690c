import { describe, expect, it } from '@rapport/platform/conformance';
import type { TestBench } from './harness.ts';

/** Checkpoints, epochs, beats, parked keys. */
export function controlTests(bench: TestBench): void {
  describe('control', () => {
    const at = (position: number, logId = 'log') => ({ logId, index: position, position });

    it('saves checkpoints only forwards', async () => {
      const id = `${bench.name()}@1`;
      const { control } = bench.store;
      await control.claimEpoch(id, 'me', 1);
      expect(await control.loadCheckpoint(id)).toBeUndefined();
      expect(await control.saveCheckpoint(id, 1, at(5))).toBe(true);
      expect(await control.saveCheckpoint(id, 1, at(4))).toBe(false);
      expect(await control.saveCheckpoint(id, 1, at(5))).toBe(false);
      expect(await control.loadCheckpoint(id)).toEqual(at(5));
      expect(await control.saveCheckpoint(id, 1, { logId: 'log', index: 5, position: 9 })).toBe(true);
      expect(await control.loadCheckpoint(id)).toEqual({ logId: 'log', index: 5, position: 9 });
    });

    it('saves a checkpoint before the first counted event', async () => {
      const id = `${bench.name()}@1`;
      await bench.store.control.claimEpoch(id, 'me', 1);
      expect(await bench.store.control.saveCheckpoint(id, 1, { logId: 'log', index: -1, position: 0 })).toBe(
        true,
      );
      expect(await bench.store.control.loadCheckpoint(id)).toEqual({ logId: 'log', index: -1, position: 0 });
    });

    it('lets the checkpoint of another log replace any', async () => {
      const id = `${bench.name()}@1`;
      const { control } = bench.store;
      await control.claimEpoch(id, 'me', 1);
      await control.saveCheckpoint(id, 1, at(5));
      expect(await control.saveCheckpoint(id, 1, at(2, 'restored'))).toBe(true);
      expect(await control.loadCheckpoint(id)).toEqual(at(2, 'restored'));
      expect(await control.saveCheckpoint(id, 1, at(1, 'restored'))).toBe(false);
    });

    it('saves checkpoints only for the current epoch', async () => {
      const id = `${bench.name()}@1`;
      const { control } = bench.store;
      expect(await control.saveCheckpoint(id, 1, at(1))).toBe(false);
      await control.claimEpoch(id, 'first', 1);
      await control.claimEpoch(id, 'second', 2);
      expect(await control.saveCheckpoint(id, 1, at(1))).toBe(false);
      expect(await control.saveCheckpoint(id, 3, at(1))).toBe(false);
      expect(await control.saveCheckpoint(id, 2, at(1))).toBe(true);
      expect(await control.loadCheckpoint(id)).toEqual(at(1));
    });

    it('gives an epoch to exactly one of many claimants', async () => {
      const id = `${bench.name()}@1`;
      for (const epoch of [1, 2, 3]) {
        const claims = await Promise.all(
          Array.from({ length: 8 }, (_, i) => bench.store.control.claimEpoch(id, `owner-${i}`, epoch)),
        );
        const won = claims.filter((claim) => claim !== undefined);
        expect(won).toHaveLength(1);
        expect(won[0]).toEqual({
          epoch,
          owner: expect.stringMatching(/^owner-\d$/),
          beat: 0,
          released: false,
        });
        expect(await bench.store.control.currentEpoch(id)).toEqual(won[0]);
      }
    });

    it('gives out only the next epoch', async () => {
      const id = `${bench.name()}@1`;
      const { control } = bench.store;
      expect(await control.claimEpoch(id, 'me', 2)).toBeUndefined();
      expect(await control.currentEpoch(id)).toBeUndefined();
      await control.claimEpoch(id, 'me', 1);
      expect(await control.claimEpoch(id, 'other', 1)).toBeUndefined();
      expect(await control.claimEpoch(id, 'other', 3)).toBeUndefined();
      expect((await control.currentEpoch(id))?.owner).toBe('me');
    });

    it('beats for the current epoch only', async () => {
      const id = `${bench.name()}@1`;
      const { control } = bench.store;
      expect(await control.beat(id, 1)).toBe(false);
      await control.claimEpoch(id, 'me', 1);
      expect(await control.beat(id, 1)).toBe(true);
      expect(await control.beat(id, 1)).toBe(true);
      expect((await control.currentEpoch(id))?.beat).toBe(2);
      await control.claimEpoch(id, 'you', 2);
      expect(await control.beat(id, 1)).toBe(false);
      expect((await control.currentEpoch(id))?.beat).toBe(0);
    });

    it('marks the current epoch as released, no other', async () => {
      const id = `${bench.name()}@1`;
      const { control } = bench.store;
      await control.release(id, 1);
      await control.claimEpoch(id, 'me', 1);
      await control.claimEpoch(id, 'you', 2);
      await control.release(id, 1);
      expect((await control.currentEpoch(id))?.released).toBe(false);
      await control.release(id, 2);
      expect((await control.currentEpoch(id))?.released).toBe(true);
      await control.claimEpoch(id, 'me', 3);
      expect((await control.currentEpoch(id))?.released).toBe(false);
    });

    it('parks keys per projection, replaces and unparks them', async () => {
      const [one, two] = [`${bench.name()}@1`, `${bench.name()}@1`];
      const { control } = bench.store;
      const entry = { projection: one, key: 'k', index: 3, stream: 'customer-1', reason: 'TypeError' };
      await control.park(entry);
      await control.park({ ...entry, key: 'j' });
      await control.park({ ...entry, projection: two });
      await control.park({ ...entry, index: 9, reason: 'RangeError' });
      expect(await control.parked(one)).toEqual([
        { ...entry, key: 'j' },
        { ...entry, index: 9, reason: 'RangeError' },
      ]);
      await control.unpark(one, 'k');
      await control.unpark(one, 'never');
      expect(await control.parked(one)).toEqual([{ ...entry, key: 'j' }]);
      expect(await control.parked(two)).toHaveLength(1);
    });
  });
}
