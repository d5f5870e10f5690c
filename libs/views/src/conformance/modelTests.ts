import { describe, expect, it } from '@rapport/platform/conformance';
import fc from 'fast-check';
import { MemoryViewStore } from '../memory/memoryViewStore.ts';
import type { DocumentWrite, ViewFilter, ViewQuery } from '../viewStore.ts';
import type { TestBench } from './harness.ts';
import { paged } from './queryTests.ts';

const text = fc.constantFrom('', 'a', 'ab', 'b', 'B', '上', '上海', '\uffee', '\u{1f600}', 'a%', '_');
const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(0.5, 1e21, -2.25));
const body = fc.record(
  {
    text: fc.option(text),
    number: fc.option(number),
    flag: fc.option(fc.boolean()),
    deep: fc.record({ text, number }, { requiredKeys: [] }),
  },
  { requiredKeys: [] },
);
const write = fc.record({
  key: fc.constantFrom('a', 'b', 'c', 'd', '上', '\uffee', '\u{1f600}', "'"),
  index: fc.nat(30),
  body: fc.option(body, { freq: 5 }),
  // Only a hint: what it says must never matter.
  replaces: fc.boolean(),
});
/** Sets of indexes with which one version is opened in turn. */
const indexes = fc.constantFrom(
  [{ fields: ['text'] }, { fields: ['deep.number', 'flag'] }],
  [{ fields: ['flag', 'text'] }, { fields: ['deep.text'] }],
  [],
);

const bounds = <T extends string | number>(value: fc.Arbitrary<T>) =>
  fc.record({ gte: value, gt: value, lt: value, lte: value, exists: fc.boolean() }, { requiredKeys: [] });
const condition = (value: fc.Arbitrary<string | number>) =>
  fc.oneof(
    fc.option(value),
    bounds(value),
    bounds(text),
    fc.record({ in: fc.array(fc.option(value), { maxLength: 3 }) }),
    fc.record({ startsWith: text }),
  );
const filter: fc.Arbitrary<ViewFilter> = fc.record(
  {
    text: condition(text),
    number: condition(number),
    flag: fc.oneof(fc.option(fc.boolean()), fc.record({ in: fc.array(fc.boolean()) })),
    'deep.text': condition(text),
    'deep.number': condition(number),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<ViewFilter>;
const path = fc.constantFrom('text', 'number', 'flag', 'deep.text', 'deep.number', 'never');
const query: fc.Arbitrary<ViewQuery> = fc.record(
  {
    filter,
    sort: fc.record({ by: path, direction: fc.constantFrom('asc' as const, 'desc' as const) }),
    limit: fc.integer({ min: 1, max: 5 }),
  },
  { requiredKeys: ['limit'] },
);

/** Whatever is written and asked, the adapter answers as the model in memory does. */
export function modelTests(bench: TestBench): void {
  describe('compared with the model', () => {
    it('answers every write and every query alike', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.uniqueArray(write, { selector: ({ key }) => key, maxLength: 6 }), { maxLength: 5 }),
          fc.array(query, { minLength: 3, maxLength: 5 }),
          fc.uniqueArray(path, { maxLength: 2 }),
          fc.array(indexes, { minLength: 1, maxLength: 3 }),
          async (batches: DocumentWrite[][], queries, by, opened) => {
            const name = bench.name();
            const definitions = opened.map((indexes) => ({ name, version: 1, indexes }));
            const model = await new MemoryViewStore().open(definitions[0]!);
            let view = await bench.store.open(definitions[0]!);
            for (const [i, batch] of batches.entries()) {
              if (i > 0 && i < definitions.length) view = await bench.store.open(definitions[i]!);
              expect(await view.write(batch)).toEqual(await model.write(batch));
            }
            for (const asked of queries) {
              expect(await view.find(asked)).toEqual(await model.find(asked));
              expect(await view.count(asked.filter)).toBe(await model.count(asked.filter));
              const all = await paged(view, asked);
              expect(new Set(all).size).toBe(await model.count(asked.filter));
              expect(all).toEqual(
                (await model.find({ ...asked, limit: 100 })).documents.map(({ key }) => key),
              );
              const grouped = { filter: asked.filter, by, measure: ['number', 'text', 'deep.number'] };
              expect(rounded(await view.aggregate(grouped))).toEqual(rounded(await model.aggregate(grouped)));
            }
            expect(await view.sweep(15)).toBe(await model.sweep(15));
            const keys = batches.flat().map(({ key }) => key);
            expect(new Map(await view.load(keys))).toEqual(new Map(await model.load(keys)));
          },
        ),
        { numRuns: 60 },
      );
    });
  });
}

/** Sums of fractions depend on their order in the last digits. */
function rounded(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, item) => (typeof item === 'number' ? Number(item.toPrecision(9)) : item)),
  );
}
