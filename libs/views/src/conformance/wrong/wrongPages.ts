import { scalarAt } from '../../query/fieldPath.ts';
import type { Scalar } from '../../viewStore.ts';
import { ViewStoreError } from '../../viewStoreError.ts';
import { allOf, wrongView, type WrongViewStore } from './wrongViewStore.ts';

/** Order, pages, aggregates, malformed queries. */
export const WRONG_PAGES: readonly WrongViewStore[] = [
  wrongView(
    'missing values that come last',
    (right) => ({
      async find(query) {
        const page = await right.find(query);
        const { sort } = query;
        if (sort === undefined) return page;
        const missing = page.documents.filter(({ body }) => scalarAt(body, sort.by) === null);
        return {
          ...page,
          documents: [...page.documents.filter((one) => !missing.includes(one)), ...missing],
        };
      },
    }),
    'conditions, * › sorts missing first when ascending, ties by key, and reverses exactly',
  ),
  wrongView(
    'an order that is the same both ways where values tie',
    (right) => ({
      async find(query) {
        const { sort } = query;
        if (sort?.direction !== 'desc') return right.find(query);
        const documents = await allOf(right, { filter: query.filter, sort: { ...sort, direction: 'asc' } });
        const at = (n: number): Scalar => scalarAt(documents[n]!.body, sort.by);
        const groups: (typeof documents)[number][][] = [];
        documents.forEach((document, n) => {
          if (n > 0 && at(n) === at(n - 1)) groups.at(-1)!.push(document);
          else groups.push([document]);
        });
        return { documents: groups.toReversed().flat() };
      },
    }),
    'conditions, * › sorts missing first when ascending, ties by key, and reverses exactly',
  ),
  wrongView(
    'a name that only ASCII letters make',
    (right) => ({
      async find(query) {
        const paths = Object.keys(query.filter ?? {});
        if (paths.some((path) => !/^[\w.-]+$/.test(path))) throw new ViewStoreError('invalid', 'no path');
        return right.find(query);
      },
    }),
    'finds fields with names in any script',
  ),
  wrongView(
    'a page that begins with the last document of the one before',
    (right) => ({
      async find({ after, ...query }) {
        if (after === undefined) return right.find(query);
        const all = await allOf(right, query);
        const from = all.findIndex(({ key }) => key === after.key);
        const documents = all.slice(from, from + query.limit);
        const next = (await right.find({ ...query, after })).next;
        return { documents, next };
      },
    }),
    'pages completely and without duplicates, ties and missing fields included',
    'compared with the model › answers every write and every query alike',
  ),
  wrongView(
    'a cursor that passes over ties',
    (right) => ({
      async find(query) {
        const page = await right.find(query);
        const last = query.sort?.direction === 'desc' ? '' : '\u{10ffff}';
        return query.sort === undefined || page.next === undefined
          ? page
          : { ...page, next: { ...page.next, key: last } };
      },
    }),
    'pages completely and without duplicates, ties and missing fields included',
  ),
  wrongView(
    'a full page that always promises another',
    (right) => ({
      async find(query) {
        const page = await right.find(query);
        const last = page.documents.at(-1);
        if (last === undefined || page.documents.length < query.limit) return page;
        const value = query.sort === undefined ? null : scalarAt(last.body, query.sort.by);
        return { ...page, next: { value, key: last.key } };
      },
    }),
    'says that a page is the last one',
  ),
  wrongView(
    'a cursor that must still be there',
    (right) => ({
      async find({ after, ...query }) {
        const known = after !== undefined && (await right.get(after.key)) !== undefined;
        return right.find(known ? { ...query, after } : query);
      },
    }),
    'goes on after a document that is gone',
  ),
  wrongView(
    'a group that leaves out what is missing',
    (right) => ({
      aggregate: async (query) =>
        (await right.aggregate(query)).filter(({ group }) =>
          Object.values(group).every((value) => value !== null),
        ),
    }),
    'aggregates: one row per combination, in their order',
  ),
  wrongView(
    'a missing number that counts as 0',
    (right) => ({
      aggregate: async (query) =>
        (await right.aggregate(query)).map(({ count, measures, ...row }) => ({
          ...row,
          count,
          measures: Object.fromEntries(
            Object.entries(measures).map(([path, measured]) => [path, { ...measured, n: count }]),
          ),
        })),
    }),
    'aggregates: one row per combination, in their order',
  ),
  wrongView(
    'a malformed query that finds nothing',
    (right) => ({
      find: (query) => right.find(query).catch(() => ({ documents: [] })),
      count: (filter) => right.count(filter).catch(() => 0),
      aggregate: (query) => right.aggregate(query).catch(() => []),
    }),
    'refuses *',
  ),
];
