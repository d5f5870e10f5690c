import { describe, expect, it } from '@rapport/platform/conformance';
import { projectionId } from '../viewStore.ts';
import type { TestBench } from './harness.ts';

/** Versions of a view: side by side, switched, dropped. */
export function versionTests(bench: TestBench): void {
  describe('versions', () => {
    it('keeps versions apart', async () => {
      const name = bench.name();
      expect(await bench.store.versions(name)).toEqual({ live: undefined, all: [] });
      const first = await bench.store.open({ name, version: 1, indexes: [] });
      const second = await bench.store.open({ name, version: 10, indexes: [{ fields: ['a.b'] }] });
      await first.write([{ key: 'k', index: 1, body: { v: 1 } }]);
      expect(await second.get('k')).toBeUndefined();
      expect(await bench.store.versions(name)).toEqual({ live: undefined, all: [1, 10] });
    });

    it('opens what is there, also with other indexes', async () => {
      const name = bench.name();
      const view = await bench.store.open({ name, version: 1, indexes: [{ fields: ['n'] }] });
      await view.write([{ key: 'k', index: 1, body: { n: 1, m: 2 } }]);
      const again = await bench.store.open({ name, version: 1, indexes: [{ fields: ['m'] }] });
      expect((await again.find({ filter: { m: 2 }, limit: 1 })).documents).toHaveLength(1);
      expect((await view.get('k'))?.index).toBe(1);
    });

    it('switches to a version and back', async () => {
      const name = bench.name();
      await bench.store.open({ name, version: 1, indexes: [] });
      await bench.store.open({ name, version: 2, indexes: [] });
      await bench.store.switchTo(name, 1);
      expect(await bench.store.versions(name)).toEqual({ live: 1, all: [1, 2] });
      await bench.store.switchTo(name, 1);
      expect(await bench.store.versions(name)).toEqual({ live: 1, all: [1, 2] });
      await bench.store.switchTo(name, 2);
      expect((await bench.store.versions(name)).live).toBe(2);
      await bench.store.switchTo(name, 1);
      expect((await bench.store.versions(name)).live).toBe(1);
    });

    it('says which version is kept beside the live one: a build, after a switch the former one', async () => {
      const name = bench.name();
      for (const version of [1, 2, 3]) await bench.store.open({ name, version, indexes: [] });
      await bench.store.switchTo(name, 1);
      await bench.store.keepBeside(name, 2);
      expect(await bench.store.versions(name)).toEqual({ live: 1, beside: 2, all: [1, 2, 3] });
      await bench.store.keepBeside(name, 3);
      expect(await bench.store.versions(name)).toEqual({ live: 1, beside: 3, all: [1, 2, 3] });
      await bench.store.switchTo(name, 3);
      await bench.store.switchTo(name, 3);
      expect(await bench.store.versions(name)).toEqual({ live: 3, beside: 1, all: [1, 2, 3] });
      await bench.store.drop(name, 1);
      expect(await bench.store.versions(name)).toEqual({ live: 3, all: [2, 3] });
      await expect(bench.store.keepBeside(name, 1)).rejects.toMatchObject({ failure: 'invalid' });
      await expect(bench.store.keepBeside(name, 3)).rejects.toMatchObject({ failure: 'invalid' });
    });

    it('switches only to what exists and drops only what is not live', async () => {
      const name = bench.name();
      await bench.store.open({ name, version: 1, indexes: [] });
      await expect(bench.store.switchTo(name, 2)).rejects.toMatchObject({ failure: 'invalid' });
      await bench.store.switchTo(name, 1);
      await expect(bench.store.drop(name, 1)).rejects.toMatchObject({ failure: 'invalid' });
      await bench.store.drop(name, 7);
      expect(await bench.store.versions(name)).toEqual({ live: 1, all: [1] });
    });

    it('drops documents, checkpoint and parked keys; the same version starts from nothing', async () => {
      const definition = { name: bench.name(), version: 3, indexes: [{ fields: ['n'] }] };
      const id = projectionId(definition);
      const view = await bench.store.open(definition);
      const { control } = bench.store;
      await view.write([{ key: 'k', index: 1, body: { n: 1 } }]);
      await control.claimEpoch(id, 'me', 1);
      await control.saveCheckpoint(id, 1, { logId: 'log', index: 1, position: 1 });
      await control.park([{ projection: id, key: 'p', index: 1, stream: 's-1', reason: 'TypeError' }]);
      await bench.store.drop(definition.name, 3);
      expect((await bench.store.versions(definition.name)).all).toEqual([]);
      expect(await control.loadCheckpoint(id)).toBeUndefined();
      expect(await control.countParked(id)).toBe(0);
      const again = await bench.store.open(definition);
      expect((await again.load(['k'])).size).toBe(0);
      expect((await control.currentEpoch(id))?.epoch).toBe(1);
    });

    it.each(['Tier', 'tier;drop', '', 'tier"', '1tier', 'a'.repeat(41)])(
      'refuses the name %j',
      async (name) => {
        await expect(bench.store.open({ name, version: 1, indexes: [] })).rejects.toMatchObject({
          failure: 'invalid',
        });
      },
    );

    it.each([0, -1, 1.5, Number.NaN, '1; drop' as unknown as number])(
      'refuses the version %j',
      async (version) => {
        await expect(bench.store.open({ name: 'tier', version, indexes: [] })).rejects.toMatchObject({
          failure: 'invalid',
        });
      },
    );

    it('refuses an index over what is no path', async () => {
      const indexes = [{ fields: ["a') --"] }];
      await expect(bench.store.open({ name: 'tier', version: 1, indexes })).rejects.toMatchObject({
        failure: 'invalid',
      });
    });
  });
}
