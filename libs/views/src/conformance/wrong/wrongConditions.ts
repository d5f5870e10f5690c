import { scalarAt } from '../../query/fieldPath.ts';
import type { Condition, Scalar, ViewCollection, ViewFilter, ViewQuery } from '../../viewStore.ts';
import { allOf, wrongFilter, wrongView, type WrongViewStore } from './wrongViewStore.ts';

type Wanted = Scalar | Condition;

const isCondition = (wanted: Wanted): wanted is Condition => typeof wanted === 'object' && wanted !== null;

/** Every field's condition changed; undefined where it is passed over. */
const eachOf =
  (change: (wanted: Wanted) => Wanted | undefined) =>
  (filter: ViewFilter): ViewFilter =>
    Object.fromEntries(
      Object.entries(filter).flatMap(([path, wanted]) => {
        const changed = change(wanted);
        return changed === undefined ? [] : [[path, changed]];
      }),
    );

const ofConditions = (change: (condition: Condition) => Wanted | undefined) =>
  eachOf((wanted) => (isCondition(wanted) ? change(wanted) : wanted));

/** The values that are named in a filter changed. */
const ofValues = (change: (value: Scalar) => Scalar) =>
  eachOf((wanted) =>
    isCondition(wanted)
      ? (Object.fromEntries(
          Object.entries(wanted).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.map(change) : name === 'exists' ? value : change(value as Scalar),
          ]),
        ) as Condition)
      : change(wanted),
  );

const ofPaths =
  (change: (path: string) => string) =>
  (filter: ViewFilter): ViewFilter =>
    Object.fromEntries(Object.entries(filter).map(([path, wanted]) => [change(path), wanted]));

const finds = (...what: readonly string[]): string[] => what.map((one) => `conditions, * › finds ${one}`);

/** Views that find only what a predicate of their own lets pass. */
function choosing(
  fault: string,
  holds: (value: Scalar, condition: Condition) => boolean,
  ...rejectedBy: readonly string[]
): WrongViewStore {
  const chosen = async (right: ViewCollection, { filter = {}, ...query }: Partial<ViewQuery>) =>
    (await allOf(right, { sort: query.sort })).filter(({ body }) =>
      Object.entries(filter).every(
        ([path, wanted]) => isCondition(wanted) && holds(scalarAt(body, path), wanted),
      ),
    );
  return wrongView(
    fault,
    (right) => ({
      find: async (query) => ({ documents: await chosen(right, query) }),
      count: async (filter) => (await chosen(right, { filter })).length,
    }),
    ...rejectedBy,
  );
}

export const WRONG_CONDITIONS: readonly WrongViewStore[] = [
  wrongFilter(
    'a filter that nothing meets',
    () => ({ never: { exists: true } }),
    ...finds(
      'everything',
      'present',
      'absent',
      'one of',
      'a beginning',
      'text by order',
      'two conditions on one field',
    ),
    'compared with the model › answers every write and every query alike',
  ),
  wrongFilter(
    'a filter that nobody looks at',
    () => ({}),
    ...finds(
      'one of nothing',
      'numbers with numbers only',
      'text with text only',
      'a path that leads nowhere',
    ),
  ),
  wrongView(
    'a count that does not look at its filter',
    (right) => ({ count: () => right.count() }),
    ...finds(
      'an equal number',
      'true',
      'null, which is missing or null',
      'at least',
      'a beginning',
      'absent',
    ),
    'compared with the model › answers every write and every query alike',
  ),
  wrongView(
    'sums over everything',
    (right) => ({ aggregate: (query) => right.aggregate({ ...query, filter: {} }) }),
    'aggregates: one row per combination, in their order',
    'compared with the model › answers every write and every query alike',
  ),
  wrongFilter(
    'a path that is not followed into the document',
    ofPaths((path) => path.replaceAll('.', '-')),
    ...finds('an equal text at a nested path', 'all conditions', 'one of', 'present'),
  ),
  wrongFilter(
    'a path that is followed as far as it leads',
    ofPaths((path) => (path.startsWith('spend') ? 'spend' : path)),
    ...finds('a path that leads nowhere'),
  ),
  wrongFilter(
    'a filter of which the first field counts',
    (filter) => Object.fromEntries(Object.entries(filter).slice(0, 1)),
    ...finds('all conditions'),
  ),
  wrongFilter(
    'a condition of which the first part counts',
    ofConditions((condition) => Object.fromEntries(Object.entries(condition).slice(0, 1)) as Condition),
    ...finds('two conditions on one field', 'a half-open interval'),
  ),
  wrongFilter(
    'numbers that are compared as text',
    ofValues((value) => (typeof value === 'number' ? String(value) : value)),
    ...finds('an equal number', 'at least', 'more than', 'at most', 'a half-open interval', 'all conditions'),
  ),
  wrongFilter(
    'truth that is a number',
    ofValues((value) => (typeof value === 'boolean' ? Number(value) : value)),
    ...finds('true', 'false, which is not what is missing', 'one of, by truth'),
  ),
  wrongFilter(
    'falsehood that is also what is missing',
    eachOf((wanted) => (wanted === false ? { in: [false, null] } : wanted)),
    ...finds('false, which is not what is missing'),
  ),
  wrongFilter(
    'nothing, which is passed over',
    eachOf((wanted) => {
      if (wanted === null) return undefined;
      return isCondition(wanted) && wanted.in !== undefined
        ? { ...wanted, in: wanted.in.filter((value) => value !== null) }
        : wanted;
    }),
    ...finds('null, which is missing or null', 'one of, missing among them'),
  ),
  wrongFilter(
    'a choice of nothing that is no condition',
    ofConditions((condition) => (condition.in?.length === 0 ? undefined : condition)),
    ...finds('one of nothing'),
  ),
  wrongFilter(
    'bounds that are taken for the ones beside them',
    ofConditions(({ gte, gt, lte, lt, ...others }) => ({
      ...others,
      ...(gte !== undefined && { gt: gte }),
      ...(gt !== undefined && { gte: gt }),
      ...(lte !== undefined && { lt: lte }),
      ...(lt !== undefined && { lte: lt }),
    })),
    ...finds('at least', 'more than', 'at most', 'less than', 'a half-open interval', 'text by order'),
  ),
  wrongFilter(
    'presence that is taken for absence',
    ofConditions(({ exists, ...others }) => ({
      ...others,
      ...(exists !== undefined && { exists: !exists }),
    })),
    ...finds('present', 'absent', 'two conditions on one field'),
  ),
  wrongFilter(
    'a beginning that must be the whole',
    ofConditions((condition) => condition.startsWith ?? condition),
    ...finds('a beginning', 'an empty beginning, which every text has'),
  ),
  choosing(
    'bounds that numbers and text share',
    (value, { gt, lt }) =>
      value !== null &&
      (gt === undefined || String(value) > String(gt)) &&
      (lt === undefined || String(value) < String(lt)),
    ...finds('numbers with numbers only', 'text with text only'),
  ),
  choosing(
    'a beginning in any case',
    (value, { startsWith = '' }) =>
      typeof value === 'string' && value.toLowerCase().startsWith(startsWith.toLowerCase()),
    ...finds('a beginning, with its case'),
  ),
  choosing(
    'a beginning that is a pattern',
    (value, { startsWith = '' }) => {
      const pattern = startsWith.replaceAll('%', '.*').replaceAll('_', '.');
      return typeof value === 'string' && new RegExp(`^${pattern}`, 'su').test(value);
    },
    'treats beginnings literally: % and _ and . are characters',
  ),
];
