import { documentText } from '../documents/documentText.ts';
import { assertAggregate, assertFilter, assertQuery } from '../query/assertQuery.ts';
import { scalarAt } from '../query/fieldPath.ts';
import { matches } from '../query/matches.ts';
import { compareScalars, compareText } from '../query/scalarOrder.ts';
import type {
  AggregateQuery,
  AggregateRow,
  DocumentBody,
  DocumentWrite,
  Scalar,
  ViewCollection,
  ViewDefinition,
  ViewDocument,
  ViewFilter,
  ViewPage,
  ViewQuery,
  WriteReport,
} from '../viewStore.ts';

type Stored = ViewDocument<DocumentBody | null>;
type Live = ViewDocument<DocumentBody>;

/** One version of a view in memory: the model that the other adapters are compared with. */
export class MemoryCollection implements ViewCollection {
  private readonly documents = new Map<string, Stored>();

  constructor(
    readonly definition: ViewDefinition,
    private readonly assertOpen: () => void,
  ) {}

  async load(keys: readonly string[]): Promise<ReadonlyMap<string, Stored>> {
    this.assertOpen();
    const found = new Map<string, Stored>();
    for (const key of keys) {
      const document = this.documents.get(key);
      if (document !== undefined) found.set(key, document);
    }
    return found;
  }

  async write(documents: readonly DocumentWrite[]): Promise<WriteReport> {
    this.assertOpen();
    let written = 0;
    for (const { key, index, body, refolded = false } of documents) {
      // Through JSON and frozen: what a real store would give back, and nobody can change it in place.
      const kept = body === null ? null : deepFreeze(JSON.parse(documentText(body)) as DocumentBody);
      const stored = this.documents.get(key);
      if (stored !== undefined && (refolded ? stored.index > index : stored.index >= index)) continue;
      this.documents.set(key, { key, index, body: kept });
      written++;
    }
    return { written, fenced: documents.length - written };
  }

  async get(key: string): Promise<Live | undefined> {
    this.assertOpen();
    const stored = this.documents.get(key);
    return stored !== undefined && isLive(stored) ? stored : undefined;
  }

  async find(query: ViewQuery): Promise<ViewPage<DocumentBody>> {
    this.assertOpen();
    assertQuery(query);
    const { filter = {}, sort, after, limit } = query;
    const value = (document: Live): Scalar => (sort === undefined ? null : scalarAt(document.body, sort.by));
    const sign = sort?.direction === 'desc' ? -1 : 1;
    const compare = (a: Scalar, aKey: string, b: Scalar, bKey: string): number =>
      sign * (compareScalars(a, b) || compareText(aKey, bKey));

    const found = this.live(filter)
      .filter(
        (document) =>
          after === undefined || compare(value(document), document.key, after.value, after.key) > 0,
      )
      .sort((a, b) => compare(value(a), a.key, value(b), b.key));
    const documents = found.slice(0, limit);
    const last = documents.at(-1);
    return found.length > limit && last !== undefined
      ? { documents, next: { value: value(last), key: last.key } }
      : { documents };
  }

  async count(filter: ViewFilter = {}): Promise<number> {
    this.assertOpen();
    assertFilter(filter);
    return this.live(filter).length;
  }

  async aggregate(query: AggregateQuery): Promise<readonly AggregateRow[]> {
    this.assertOpen();
    assertAggregate(query);
    const { filter = {}, by, measure } = query;
    const groups = new Map<string, { values: Scalar[]; documents: Live[] }>();
    for (const document of this.live(filter)) {
      const values = by.map((path) => scalarAt(document.body, path));
      const name = JSON.stringify(values);
      const group = groups.get(name) ?? { values, documents: [] };
      group.documents.push(document);
      groups.set(name, group);
    }
    return [...groups.values()]
      .sort((a, b) => compareGroups(a.values, b.values))
      .map(({ values, documents }) => ({
        group: Object.fromEntries(by.map((path, i) => [path, values[i]!])),
        count: documents.length,
        measures: Object.fromEntries(measure.map((path) => [path, measured(documents, path)])),
      }));
  }

  async *scan(): AsyncIterable<Live> {
    this.assertOpen();
    yield* this.live({}).sort((a, b) => compareText(a.key, b.key));
  }

  async sweep(index: number): Promise<number> {
    this.assertOpen();
    const swept = [...this.documents.values()].filter((stored) => !isLive(stored) && stored.index <= index);
    for (const { key } of swept) this.documents.delete(key);
    return swept.length;
  }

  async clear(assertHeld?: () => void): Promise<void> {
    this.assertOpen();
    assertHeld?.();
    this.documents.clear();
  }

  private live(filter: ViewFilter): Live[] {
    return [...this.documents.values()].filter(isLive).filter(({ body }) => matches(body, filter));
  }
}

function isLive(document: Stored): document is Live {
  return document.body !== null;
}

function compareGroups(a: readonly Scalar[], b: readonly Scalar[]): number {
  for (const [i, value] of a.entries()) {
    const order = compareScalars(value, b[i]!);
    if (order !== 0) return order;
  }
  return 0;
}

function measured(documents: readonly Live[], path: string): AggregateRow['measures'][string] {
  const numbers = documents
    .map(({ body }) => scalarAt(body, path))
    .filter((value): value is number => typeof value === 'number');
  if (numbers.length === 0) return { n: 0, sum: 0, min: 0, max: 0 };
  const sum = numbers.reduce((total, number) => total + number, 0);
  return { n: numbers.length, sum, min: Math.min(...numbers), max: Math.max(...numbers) };
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach(deepFreeze);
    Object.freeze(value);
  }
  return value;
}
