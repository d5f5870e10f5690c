import { describe, expect, it } from '@rapport/platform/conformance';
import type { Scalar, ViewCollection, ViewFilter, ViewQuery } from '../viewStore.ts';
import type { TestBench } from './harness.ts';

const CUSTOMERS = {
  a: { tier: { value: 'A' }, spend: 900, city: '上海', active: true },
  b: { tier: { value: 'B' }, spend: 150, city: '上饶', active: false },
  c: { tier: { value: 'B' }, spend: 200, city: null, active: true },
  d: { tier: {}, spend: 150 },
  e: { city: 'Shanghai' },
};

/** Conditions, order, pages, counts, aggregates. */
export function queryTests(bench: TestBench): void {
  const keys = async (view: ViewCollection, query: Partial<ViewQuery>): Promise<string> =>
    (await view.find({ limit: 100, ...query })).documents.map(({ key }) => key).join('');

  describe.each([
    ['without an index', []],
    ['with indexes', [['tier.value'], ['spend'], ['city'], ['tier.value', 'spend']]],
  ])('conditions, %s', (_, indexes) => {
    it.each<[string, ViewFilter, string]>([
      ['everything', {}, 'abcde'],
      ['an equal text at a nested path', { 'tier.value': 'B' }, 'bc'],
      ['an equal number', { spend: 150 }, 'bd'],
      ['true', { active: true }, 'ac'],
      ['false, which is not what is missing', { active: false }, 'b'],
      ['null, which is missing or null', { city: null }, 'cd'],
      ['all conditions', { 'tier.value': 'B', spend: { gt: 150 } }, 'c'],
      ['one of', { 'tier.value': { in: ['A', 'C'] } }, 'a'],
      ['one of, missing among them', { city: { in: ['上海', null] } }, 'acd'],
      ['one of, by truth', { active: { in: [false] } }, 'b'],
      ['one of nothing', { spend: { in: [] } }, ''],
      ['at least', { spend: { gte: 200 } }, 'ac'],
      ['more than', { spend: { gt: 200 } }, 'a'],
      ['at most', { spend: { lte: 150 } }, 'bd'],
      ['less than', { spend: { lt: 150 } }, ''],
      ['a half-open interval', { spend: { gte: 150, lt: 900 } }, 'bcd'],
      ['numbers with numbers only', { city: { gt: 0 } }, ''],
      ['text with text only', { spend: { lt: 'z' } }, ''],
      ['text by order', { city: { gte: '上海', lt: '上海\u{10ffff}' } }, 'a'],
      ['a beginning', { city: { startsWith: '上' } }, 'ab'],
      ['a beginning, with its case', { city: { startsWith: 'shang' } }, ''],
      ['an empty beginning, which every text has', { city: { startsWith: '' } }, 'abe'],
      ['present', { 'tier.value': { exists: true } }, 'abc'],
      ['absent', { spend: { exists: false } }, 'e'],
      ['two conditions on one field', { spend: { exists: true, in: [150, 900] } }, 'abd'],
      ['a path that leads nowhere', { 'spend.more.of.it': { exists: true } }, ''],
    ])('finds %s', async (_case, filter, expected) => {
      const view = await bench.filled(CUSTOMERS, ...(indexes as string[][]));
      expect(await keys(view, { filter })).toBe(expected);
      expect(await view.count(filter)).toBe(expected.length);
    });

    it('sorts missing first when ascending, ties by key, and reverses exactly', async () => {
      const view = await bench.filled(CUSTOMERS, ...(indexes as string[][]));
      expect(await keys(view, { sort: { by: 'spend', direction: 'asc' } })).toBe('ebdca');
      expect(await keys(view, { sort: { by: 'spend', direction: 'desc' } })).toBe('acdbe');
      expect(await keys(view, { sort: { by: 'city', direction: 'asc' } })).toBe('cdeab');
    });
  });

  it('treats beginnings literally: % and _ and . are characters', async () => {
    const view = await bench.filled({
      a: { t: 'a%b' },
      b: { t: 'axb' },
      c: { t: 'a_b' },
      d: { t: 'a.b' },
      e: { t: '\ud7ff!' },
      g: { t: '\ue001' },
      f: { t: '\u{10ffff}\u{10ffff}x' },
    });
    expect(await keys(view, { filter: { t: { startsWith: 'a%' } } })).toBe('a');
    expect(await keys(view, { filter: { t: { startsWith: 'a_' } } })).toBe('c');
    expect(await keys(view, { filter: { t: { startsWith: 'a.' } } })).toBe('d');
    expect(await keys(view, { filter: { t: { startsWith: '\ud7ff' } } })).toBe('e');
    expect(await keys(view, { filter: { t: { startsWith: '\u{10ffff}\u{10ffff}' } } })).toBe('f');
  });

  it('finds fields with names in any script', async () => {
    const view = await bench.filled({ a: { 满意度: { 服务: 4 } }, b: { 满意度: { 服务: 5 } } }, [
      '满意度.服务',
    ]);
    expect(await keys(view, { filter: { '满意度.服务': 5 } })).toBe('b');
  });

  it('pages completely and without duplicates, ties and missing fields included', async () => {
    const bodies = Object.fromEntries(
      Array.from({ length: 23 }, (_, i) => [
        String(100 + i),
        i % 5 === 0 ? { other: i } : { spend: i % 3, name: `n${i % 4}` },
      ]),
    );
    const view = await bench.filled(bodies, ['spend']);
    for (const by of ['spend', 'name', undefined]) {
      for (const direction of ['asc', 'desc'] as const) {
        for (const limit of [1, 2, 7, 23, 24]) {
          const sort = by === undefined ? undefined : { by, direction };
          const whole = (await view.find({ sort, limit: 1_000 })).documents.map(({ key }) => key);
          expect(new Set(whole).size).toBe(23);
          expect(await paged(view, { sort, limit })).toEqual(whole);
        }
      }
    }
  });

  it('says that a page is the last one', async () => {
    const view = await bench.filled({ a: { n: 1 }, b: { n: 2 } });
    expect((await view.find({ limit: 2 })).next).toBeUndefined();
    expect((await view.find({ limit: 1 })).next).toEqual({ value: null, key: 'a' });
    expect((await view.find({ sort: { by: 'n', direction: 'desc' }, limit: 1 })).next).toEqual({
      value: 2,
      key: 'b',
    });
  });

  it('goes on after a document that is gone', async () => {
    const view = await bench.filled({ a: { n: 1 }, b: { n: 2 }, c: { n: 3 } });
    const { next } = await view.find({ sort: { by: 'n', direction: 'asc' }, limit: 2 });
    await view.write([{ key: 'b', index: 9, body: null }]);
    expect(await keys(view, { sort: { by: 'n', direction: 'asc' }, after: next })).toBe('c');
  });

  it('aggregates: one row per combination, in their order', async () => {
    const view = await bench.filled(CUSTOMERS, ['tier.value']);
    expect(await view.aggregate({ by: ['tier.value'], measure: ['spend'] })).toEqual([
      {
        group: { 'tier.value': null },
        count: 2,
        measures: { spend: { n: 1, sum: 150, min: 150, max: 150 } },
      },
      { group: { 'tier.value': 'A' }, count: 1, measures: { spend: { n: 1, sum: 900, min: 900, max: 900 } } },
      { group: { 'tier.value': 'B' }, count: 2, measures: { spend: { n: 2, sum: 350, min: 150, max: 200 } } },
    ]);
    expect(await view.aggregate({ by: ['active', 'tier.value'], measure: [] })).toEqual([
      { group: { active: null, 'tier.value': null }, count: 2, measures: {} },
      { group: { active: false, 'tier.value': 'B' }, count: 1, measures: {} },
      { group: { active: true, 'tier.value': 'A' }, count: 1, measures: {} },
      { group: { active: true, 'tier.value': 'B' }, count: 1, measures: {} },
    ]);
    expect(
      await view.aggregate({ by: [], measure: ['spend', 'city'], filter: { spend: { exists: true } } }),
    ).toEqual([
      {
        group: {},
        count: 4,
        measures: { spend: { n: 4, sum: 1_400, min: 150, max: 900 }, city: { n: 0, sum: 0, min: 0, max: 0 } },
      },
    ]);
    expect(await view.aggregate({ by: ['city'], measure: [], filter: { spend: 1 } })).toEqual([]);
  });

  it.each<[string, (view: ViewCollection) => Promise<unknown>]>([
    ['a path with a quote', (view) => view.find({ filter: { "a') OR 1=1 --": 'x' }, limit: 1 })],
    ['a path with an operator', (view) => view.count({ $where: 'x' })],
    ['an empty segment', (view) => view.find({ sort: { by: 'a..b', direction: 'asc' }, limit: 1 })],
    ['a group by no path', (view) => view.aggregate({ by: ['a"b'], measure: [] })],
    ['a measure of no path', (view) => view.aggregate({ by: [], measure: ['a;b'] })],
    ['a condition that does not exist', (view) => view.count({ a: { $gt: 1 } as never })],
    ['a condition on an object', (view) => view.count({ a: { gt: {} } as never })],
    [
      'an unknown direction',
      (view) => view.find({ sort: { by: 'a', direction: 'up; drop' as 'asc' }, limit: 1 }),
    ],
    ['a cursor that is none', (view) => view.find({ after: { value: {} as Scalar, key: 'x' }, limit: 1 })],
    ['limit 0', (view) => view.find({ limit: 0 })],
    ['limit 1,001', (view) => view.find({ limit: 1_001 })],
  ])('refuses %s', async (_case, ask) => {
    const view = await bench.filled(CUSTOMERS);
    await expect(ask(view)).rejects.toMatchObject({ name: 'ViewStoreError', failure: 'invalid' });
  });
}

export async function paged(view: ViewCollection, query: ViewQuery): Promise<string[]> {
  const found: string[] = [];
  for (let after = query.after; ;) {
    const page = await view.find({ ...query, after });
    found.push(...page.documents.map(({ key }) => key));
    if (page.next === undefined) return found;
    after = page.next;
  }
}
