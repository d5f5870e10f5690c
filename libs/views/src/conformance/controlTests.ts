import { describe, expect, it } from '@rapport/platform/conformance';
import { compareText } from '../query/scalarOrder.ts';
import type { TestBench } from './harness.ts';

/** Checkpoints, epochs, beats, parked keys. */
export function controlTests(bench: TestBench): void {
  describe('control', () => {
    const at = (position: number, logId = 'log') => ({ logId, index: position, position });

    it('saves checkpoints never backwards', async () => {
      const id = `${bench.name()}@1`;
      const { control } = bench.store;
      await control.claimEpoch(id, 'me', 1);
      expect(await control.loadCheckpoint(id)).toBeUndefined();
      expect(await control.saveCheckpoint(id, 1, at(5))).toBe(true);
      expect(await control.saveCheckpoint(id, 1, at(4))).toBe(false);
      expect(await control.loadCheckpoint(id)).toEqual(at(5));
      expect(await control.saveCheckpoint(id, 1, at(5))).toBe(true);
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
      await control.park([entry, { ...entry, key: 'j' }, { ...entry, projection: two }]);
      await control.park([{ ...entry, index: 9, reason: 'RangeError' }]);
      await control.park([]);
      expect(await control.parked(one, { limit: 10 })).toEqual([
        { ...entry, key: 'j' },
        { ...entry, index: 9, reason: 'RangeError' },
      ]);
      await control.unpark(one, ['k', 'never']);
      await control.unpark(one, []);
      expect(await control.parked(one, { limit: 10 })).toEqual([{ ...entry, key: 'j' }]);
      expect(await control.parked(two, { limit: 10 })).toEqual([{ ...entry, projection: two }]);
    });

    it('shows parked keys page by page in order of key, finds those among others, and counts them', async () => {
      const [id, other] = [`${bench.name()}@1`, `${bench.name()}@1`];
      const { control } = bench.store;
      const odd = ["it's", '%', '"', '\\', '上', '\uffee', '\u{1f600}'];
      const keys = [...odd, ...Array.from({ length: 1_200 }, (_, n) => `k${String(n).padStart(4, '0')}`)];
      const entryOf = (key: string) => ({
        projection: id,
        key,
        index: 1,
        stream: 's-1',
        reason: 'TypeError',
      });
      await control.park(keys.map(entryOf));
      await control.park([{ ...entryOf('k0001'), projection: other }]);
      const shown: string[] = [];
      for (let after: string | undefined; ;) {
        const page = await control.parked(id, { limit: 500, ...(after !== undefined && { after }) });
        shown.push(...page.map(({ key }) => key));
        if (page.length < 500) break;
        after = page.at(-1)!.key;
      }
      expect(shown).toEqual([...keys].sort(compareText));
      const among = await control.parkedAmong(id, [...odd, 'never', 'k0007']);
      expect(among.map(({ key }) => key).sort(compareText)).toEqual([...odd, 'k0007'].sort(compareText));
      expect(await control.parkedAmong(id, [])).toEqual([]);
      expect(await control.countParked(id)).toBe(keys.length);
      await control.unpark(id, keys);
      expect(await control.countParked(id)).toBe(0);
      expect(await control.countParked(other)).toBe(1);
    });

    it.each([0, 1_001, 1.5])('refuses a page of %j parked keys', async (limit) => {
      await expect(bench.store.control.parked('x@1', { limit })).rejects.toMatchObject({
        failure: 'invalid',
      });
    });

    it('keeps the counts of a checkpoint, also those that are saved anew at the same position', async () => {
      const id = `${bench.name()}@1`;
      const { control } = bench.store;
      const counts = (count: number) => ({
        groups: [[{ values: ['A', null, true, 2], count, sums: [{ n: 1, sum: -3 }] }], []],
        settled: count === 2,
      });
      await control.claimEpoch(id, 'me', 1);
      expect(await control.saveCheckpoint(id, 1, { ...at(5), counts: counts(1) })).toBe(true);
      expect(await control.loadCheckpoint(id)).toEqual({ ...at(5), counts: counts(1) });
      expect(await control.saveCheckpoint(id, 1, { ...at(5), counts: counts(2) })).toBe(true);
      expect(await control.saveCheckpoint(id, 1, { ...at(4), counts: counts(3) })).toBe(false);
      expect(await control.loadCheckpoint(id)).toEqual({ ...at(5), counts: counts(2) });
      expect(await control.saveCheckpoint(id, 1, at(6))).toBe(true);
      expect(await control.loadCheckpoint(id)).toEqual(at(6));
    });
  });
}
