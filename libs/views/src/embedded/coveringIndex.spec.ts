import { afterAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import Database from 'libsql';
import type { ViewFilter, ViewIndex, ViewQuery } from '../viewStore.ts';
import { isCovered } from './coveringIndex.ts';
import { findSql } from './findSql.ts';
import { ViewTable } from './viewTable.ts';

const path = fc.constantFrom('a', 'b', 'c', 'd.e');
const condition = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('x', 1, true, null) },
  { weight: 1, arbitrary: fc.constantFrom({ gte: 'x' }, { lt: 5 }, { startsWith: 'x' }, { gt: 1, lte: 9 }) },
  { weight: 1, arbitrary: fc.constantFrom({ in: ['x', 'y'] }, { exists: true }) },
);
const query: fc.Arbitrary<ViewQuery> = fc.record(
  {
    filter: fc.dictionary(path, condition, { maxKeys: 3 }) as fc.Arbitrary<ViewFilter>,
    sort: fc.record({ by: path, direction: fc.constantFrom('asc' as const, 'desc' as const) }),
    after: fc.record({ value: fc.constantFrom('x', 1, null), key: fc.constant('k') }),
    limit: fc.constant(10),
  },
  { requiredKeys: ['limit'] },
);
const indexes: fc.Arbitrary<readonly ViewIndex[]> = fc.array(
  fc.record({ fields: fc.uniqueArray(path, { minLength: 1, maxLength: 3 }) }),
  { minLength: 1, maxLength: 5 },
);

describe('a page that an index gives', () => {
  const file = new Database(':memory:');
  afterAll(() => void file.close());
  let tables = 0;

  function planOf(asked: ViewQuery, declared: readonly ViewIndex[]): string[] {
    const table = new ViewTable({ name: 'view', version: ++tables, indexes: declared });
    for (const text of table.statements({ columns: [], indexes: [] })) file.exec(text);
    return findSql(table, asked).flatMap(({ text, values }) =>
      file
        .prepare(`EXPLAIN QUERY PLAN ${text}`)
        .raw()
        .all(...values, 11)
        .map((row) => (row as unknown[])[3] as string),
    );
  }

  it('is a range of it, in order, in SQLite’s own plan: nothing is walked through, nothing is sorted', () => {
    let covered = 0;
    fc.assert(
      fc.property(indexes, query, (declared, asked) => {
        fc.pre(isCovered(asked, declared));
        covered += 1;
        const plan = planOf(asked, declared);
        expect(plan.filter((step) => /TEMP B-TREE|SCAN (?!.* USING (COVERING )?INDEX)/.test(step))).toEqual(
          [],
        );
      }),
      { numRuns: 400, maxSkipsPerRun: 1_000 },
    );
    expect(covered).toBe(400);
  });

  it.each<[string, ViewQuery, readonly string[][]]>([
    ['another field', { filter: { a: 'x', b: 'y' }, sort: by('c'), limit: 1 }, [['a', 'c']]],
    ['a choice of values', { filter: { a: { in: ['x'] } }, sort: by('b'), limit: 1 }, [['a', 'b']]],
    ['a bound on another field', { filter: { a: { gte: 'x' } }, sort: by('b'), limit: 1 }, [['a', 'b']]],
    ['no sort', { filter: { a: 'x' }, limit: 1 }, [['a']]],
    ['more in between', { filter: { a: 'x' }, sort: by('c'), limit: 1 }, [['a', 'b', 'c']]],
    ['more behind, which would order ties by it', { filter: {}, sort: by('a'), limit: 1 }, [['a', 'b']]],
  ])('is none where there is %s', (_, asked, fields) => {
    expect(
      isCovered(
        asked,
        fields.map((path) => ({ fields: path })),
      ),
    ).toBe(false);
  });

  function by(field: string): ViewQuery['sort'] {
    return { by: field, direction: 'asc' };
  }
});
