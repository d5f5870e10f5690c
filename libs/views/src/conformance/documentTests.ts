import { describe, expect, it } from '@rapport/platform/conformance';
import { MAX_DOCUMENT_BYTES, MAX_DOCUMENT_DEPTH } from '../documents/documentText.ts';
import type { DocumentBody } from '../viewStore.ts';
import type { TestBench } from './harness.ts';

/** Guarded writes, tombstones, reading by key, sweeping. */
export function documentTests(bench: TestBench, withoutNestedArrays?: string): void {
  const nested = withoutNestedArrays === undefined ? it : it.skip;
  const because = withoutNestedArrays === undefined ? '' : `: ${withoutNestedArrays}`;

  describe('documents', () => {
    it('writes what is new and what is newer, and says so', async () => {
      const view = await bench.view();
      expect(await view.write([{ key: 'k', index: 4, body: { tier: 'A' } }])).toEqual({
        written: 1,
        fenced: 0,
      });
      expect(await view.write([{ key: 'k', index: 5, body: { tier: 'B' } }])).toEqual({
        written: 1,
        fenced: 0,
      });
      expect(await view.get('k')).toEqual({ key: 'k', index: 5, body: { tier: 'B' } });
    });

    it('fences a write at or below the stored index and leaves the document alone', async () => {
      const view = await bench.view();
      await view.write([{ key: 'k', index: 7, body: { n: 7 } }]);
      const report = await view.write([
        { key: 'k', index: 7, body: { n: 70 } },
        { key: 'other', index: 1, body: { n: 1 } },
      ]);
      expect(report).toEqual({ written: 1, fenced: 1 });
      expect(await view.write([{ key: 'k', index: 6, body: null }])).toEqual({ written: 0, fenced: 1 });
      expect((await view.get('k'))?.body).toEqual({ n: 7 });
      expect((await view.get('other'))?.body).toEqual({ n: 1 });
    });

    it('takes index 0, no documents at all, and a thousand at once', async () => {
      const view = await bench.view();
      expect(await view.write([])).toEqual({ written: 0, fenced: 0 });
      const many = Array.from({ length: 1_000 }, (_, i) => ({ key: `k${i}`, index: i, body: { i } }));
      expect(await view.write(many)).toEqual({ written: 1_000, fenced: 0 });
      expect((await view.load(many.map(({ key }) => key))).size).toBe(1_000);
      expect(await view.count()).toBe(1_000);
    });

    it('hides a tombstone from queries, which still guards its index', async () => {
      const view = await bench.view();
      await view.write([{ key: 'k', index: 1, body: { n: 1 } }]);
      await view.write([{ key: 'k', index: 2, body: null }]);
      expect(await view.get('k')).toBeUndefined();
      expect(await view.count()).toBe(0);
      expect((await view.find({ limit: 10 })).documents).toEqual([]);
      expect(await view.aggregate({ by: [], measure: [] })).toEqual([]);
      expect(await all(view.scan())).toEqual([]);
      expect(await view.write([{ key: 'k', index: 2, body: { n: 2 } }])).toEqual({ written: 0, fenced: 1 });
      expect(await view.write([{ key: 'k', index: 3, body: { n: 3 } }])).toEqual({ written: 1, fenced: 0 });
      expect((await view.get('k'))?.body).toEqual({ n: 3 });
    });

    it('loads documents and tombstones; what is absent is absent', async () => {
      const view = await bench.view();
      await view.write([
        { key: 'dead', index: 3, body: null },
        { key: 'live', index: 4, body: { a: [1, { b: '二' }] } },
      ]);
      const loaded = await view.load(['live', 'dead', 'never']);
      expect([...loaded.keys()].sort()).toEqual(['dead', 'live']);
      expect(loaded.get('dead')).toEqual({ key: 'dead', index: 3, body: null });
      expect(loaded.get('live')).toEqual({ key: 'live', index: 4, body: { a: [1, { b: '二' }] } });
      expect((await view.load([])).size).toBe(0);
    });

    it('gives a body back as JSON has it', async () => {
      const body = {
        text: '客情 "quoted" \\ \u{1f600}',
        n: -1.5,
        big: 9007199254740991,
        no: null,
        deep: { list: [{ a: [1, 'two', null] }] },
      };
      const view = await bench.view();
      await view.write([{ key: "it's a key", index: 1, body: { ...body, gone: undefined, yes: true } }]);
      expect((await view.get("it's a key"))?.body).toEqual({ ...body, yes: true });
    });

    nested(`gives arrays within arrays back${because}`, async () => {
      const view = await bench.filled({ k: { deep: [[], [1, ['two']]] } });
      expect((await view.get('k'))?.body).toEqual({ deep: [[], [1, ['two']]] });
    });

    it('shows a write to every read that starts after it resolved', async () => {
      const view = await bench.view(['n']);
      for (let n = 1; n <= 20; n++) {
        await view.write([{ key: 'k', index: n, body: { n } }]);
        expect((await view.load(['k'])).get('k')?.body).toEqual({ n });
        expect(await view.count({ n })).toBe(1);
        expect((await view.find({ filter: { n }, limit: 1 })).documents).toHaveLength(1);
      }
    });

    it('scans live documents in order of key', async () => {
      const view = await bench.filled({
        b: { n: 2 },
        a: { n: 1 },
        '\u{1f600}': { n: 5 },
        '\uffee': { n: 4 },
        c: { n: 3 },
      });
      await view.write([{ key: 'c', index: 9, body: null }]);
      expect((await all(view.scan())).map(({ key }) => key)).toEqual(['a', 'b', '\uffee', '\u{1f600}']);
    });

    it('scans more documents than fit into one page', async () => {
      const view = await bench.view();
      await view.write(
        Array.from({ length: 2_500 }, (_, i) => ({ key: String(10_000 + i), index: i, body: { i } })),
      );
      expect((await all(view.scan())).map(({ body }) => body['i'])).toEqual(
        Array.from({ length: 2_500 }, (_, i) => i),
      );
    });

    it('lets a document that was folded anew replace its own index too, never a higher one', async () => {
      const view = await bench.view(['n']);
      await view.write([
        { key: 'live', index: 5, body: { n: 5 } },
        { key: 'dead', index: 5, body: null },
      ]);
      const anew = (key: string, index: number, body: { n: number } | null) =>
        view.write([{ key, index, body, refolded: true }]);
      expect(await anew('live', 4, { n: 4 })).toEqual({ written: 0, fenced: 1 });
      expect(await anew('live', 5, { n: 50 })).toEqual({ written: 1, fenced: 0 });
      expect(await view.get('live')).toEqual({ key: 'live', index: 5, body: { n: 50 } });
      expect(await view.count({ n: 50 })).toBe(1);
      expect(await anew('dead', 5, { n: 51 })).toEqual({ written: 1, fenced: 0 });
      expect(await anew('live', 5, null)).toEqual({ written: 1, fenced: 0 });
      expect(await anew('live', 6, { n: 6 })).toEqual({ written: 1, fenced: 0 });
      expect(await anew('new', 1, { n: 1 })).toEqual({ written: 1, fenced: 0 });
      const stored = await view.load(['live', 'dead', 'new']);
      expect([...stored.values()].map(({ body }) => body)).toEqual(
        expect.arrayContaining([{ n: 6 }, { n: 51 }, { n: 1 }]),
      );
      expect(await view.write([{ key: 'live', index: 6, body: { n: 60 } }])).toEqual({
        written: 0,
        fenced: 1,
      });
    });

    it.each<[string, () => unknown]>([
      ['is larger than a document may be', () => ({ text: 'x'.repeat(MAX_DOCUMENT_BYTES) })],
      ['is larger in bytes', () => ({ text: '客'.repeat(MAX_DOCUMENT_BYTES / 3) })],
      ['nests too deep', () => nestedTo(MAX_DOCUMENT_DEPTH + 1)],
      ['is a cycle', () => Object.assign(cycle, { cycle })],
      ['holds what JSON has not', () => ({ n: 1n })],
      ['is a list', () => [1]],
    ])('refuses what %s, and takes the next', async (_, make) => {
      const view = await bench.view();
      const body = make() as DocumentBody;
      await expect(view.write([{ key: 'k', index: 1, body }])).rejects.toMatchObject({ failure: 'refused' });
      expect(await view.write([{ key: 'k', index: 1, body: { n: 1 } }])).toEqual({ written: 1, fenced: 0 });
    });

    it('takes a document that is as large and as deep as it may be', async () => {
      const view = await bench.view();
      const text = 'x'.repeat(MAX_DOCUMENT_BYTES - '{"text":""}'.length);
      const bodies = { text: { text }, deep: nestedTo(MAX_DOCUMENT_DEPTH) };
      for (const [key, body] of Object.entries(bodies)) {
        expect(await view.write([{ key, index: 1, body }])).toEqual({ written: 1, fenced: 0 });
        expect((await view.get(key))?.body).toEqual(body);
      }
    });

    it('sweeps tombstones up to an index, nothing else', async () => {
      const view = await bench.view();
      await view.write([
        { key: 'old', index: 3, body: null },
        { key: 'at', index: 5, body: null },
        { key: 'young', index: 6, body: null },
        { key: 'live', index: 1, body: { n: 1 } },
      ]);
      expect(await view.sweep(5)).toBe(2);
      expect([...(await view.load(['old', 'at', 'young', 'live'])).keys()].sort()).toEqual(['live', 'young']);
      expect(await view.sweep(5)).toBe(0);
    });

    it('clears everything, tombstones too', async () => {
      const view = await bench.filled({ a: { n: 1 }, b: { n: 2 } });
      await view.write([{ key: 'b', index: 9, body: null }]);
      await view.clear();
      expect((await view.load(['a', 'b'])).size).toBe(0);
      expect(await view.write([{ key: 'b', index: 0, body: { n: 0 } }])).toEqual({ written: 1, fenced: 0 });
    });

    it('clears nothing, or nothing more, once its owner may be another one', async () => {
      const view = await bench.view();
      const documents = Array.from({ length: 2_500 }, (_, i) => ({ key: String(i), index: i, body: { i } }));
      await view.write(documents);
      const lost = () => {
        throw new Error('the lease is over');
      };
      await expect(view.clear(lost)).rejects.toThrow('the lease is over');
      expect(await view.count()).toBe(2_500);
      let steps = 0;
      await view.clear(() => (steps += 1) === 2 && lost()).catch(() => undefined);
      // A store that clears in one step was done by then.
      expect(await view.count()).toBe(steps === 1 ? 0 : 1_500);
      await view.clear();
      expect(await view.count()).toBe(0);
    });
  });
}

const cycle = {};

/** So many objects within each other. */
function nestedTo(depth: number): DocumentBody {
  let body: DocumentBody = { n: 1 };
  for (let level = 1; level < depth; level++) body = { in: body };
  return body;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
